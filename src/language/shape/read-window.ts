import type { Weekday, Window } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import { openList, openMap } from './fields.ts';
import { readTime, readTimezone } from './read-time.ts';
import { readDuration, readWord } from './values.ts';
import { DAY_WORDS, MISSED_WORDS, WINDOW } from './vocabulary.ts';

const MINUTE_IN_MS = 60_000;
const DAY_IN_MINUTES = 24 * 60;

/** Reads the window of a step. */
export function readWindow(entry: Entry | undefined, report: Reporter): Window | undefined {
  const fields = entry && openMap(entry.value, WINDOW, report);
  if (fields === undefined) return undefined;
  const from = readTime(fields.need('from', 'When it opens: from: "22:00".'), report);
  const to = readTime(fields.need('to', 'When it closes: to: "04:00".'), report);
  const timezone = readTimezone(fields.need('timezone', 'Whose clocks count: Europe/Berlin.'), report);
  const days = readDays(fields.get('days'), report);
  const needsNode = fields.get('needs')?.value;
  const needsMs = needsNode ? readDuration(needsNode, report, '`needs`') : 0;
  const missedNode = fields.get('missed')?.value;
  const missed = missedNode ? readWord(missedNode, report, { what: '`missed`', ...MISSED_WORDS }) : 'wait';
  if (from === undefined || to === undefined || timezone === undefined) return undefined;
  if (needsMs === undefined || missed === undefined) return undefined;
  const lengthMs = lengthOf(from, to);
  if (lengthMs === 0) {
    report.add('VALUE', fields.get('to')?.value ?? fields.at, 'The window closes when it opens.');
  } else if (needsMs > lengthMs) {
    const message = `The window is ${lengthMs / MINUTE_IN_MS} minutes long: what it needs never fits.`;
    report.add('VALUE', needsNode ?? fields.at, message, 'Make the window longer, or `needs` shorter.');
  }
  return { from, to, timezone, ...(days === undefined ? {} : { days }), needsMs, missed };
}

function lengthOf(from: string, to: string): number {
  const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return ((minutes(to) - minutes(from) + DAY_IN_MINUTES) % DAY_IN_MINUTES) * MINUTE_IN_MS;
}

function readDays(entry: Entry | undefined, report: Reporter): readonly Weekday[] | undefined {
  const items: readonly Node[] | undefined = entry && openList(entry.value, '`days`', report);
  if (items === undefined || entry === undefined) return undefined;
  if (items.length === 0) {
    report.add('REQUIRED', entry.value, 'A window without days never opens.', 'Leave `days` out for all.');
  }
  const days = items.flatMap((item) => readWord(item, report, { what: 'A day', ...DAY_WORDS }) ?? []);
  return DAY_WORDS.words.filter((day) => days.includes(day));
}
