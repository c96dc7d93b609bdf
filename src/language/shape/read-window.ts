import type { Weekday, Window } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import { openList, openMap } from './fields.ts';
import { readDuration, readText, readWord } from './values.ts';
import { DAY_WORDS, MISSED_WORDS, WINDOW } from './vocabulary.ts';

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
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

function readTime(entry: Entry | undefined, report: Reporter): string | undefined {
  if (entry === undefined) return undefined;
  const { key, value } = entry;
  if (value.kind === 'scalar' && typeof value.value === 'string' && TIME.test(value.value)) {
    return value.value;
  }
  const hint = 'Four digits and a colon, from "00:00" to "23:59".';
  report.add('VALUE', value, `\`${key}\` is a time of the day.`, hint);
  return undefined;
}

function readTimezone(entry: Entry | undefined, report: Reporter): string | undefined {
  const name = entry && readText(entry.value, report, { what: '`timezone`', max: 64 });
  if (name === undefined || isTimezone(name.text)) return name?.text;
  const hint = 'A place of the IANA list, such as Europe/Berlin, or UTC.';
  report.add('VALUE', name.node, `There is no time zone \`${name.text}\`.`, hint);
  return undefined;
}

/** Names only: an offset such as `+01:00` knows no daylight saving. */
function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
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
