import { Cron } from 'croner';
import { cronProblem } from '../../model/cron.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import type { ScheduleDraft } from './draft.ts';
import { openList, openMap, type Fields } from './fields.ts';
import { isRunbookName } from './names.ts';
import { readTimezone } from './read-time.ts';
import { readText, readWord } from './values.ts';
import { MODE_WORDS, SCHEDULE } from './vocabulary.ts';

const MAX_SCHEDULES = 50;
const MAX_NAME_LENGTH = 64;
const MAX_CRON_LENGTH = 200;

/** Reads when a runbook is started by itself; whether its inputs fit is checked later. */
export function readSchedules(entry: Entry | undefined, report: Reporter): readonly ScheduleDraft[] {
  const items = entry && openList(entry.value, '`schedules`', report);
  if (items === undefined || entry === undefined) return [];
  if (items.length > MAX_SCHEDULES) {
    report.add('COUNT', entry.at, `A runbook has at most ${MAX_SCHEDULES} schedules.`);
    return [];
  }
  const schedules = items.flatMap((item) => readSchedule(item, report) ?? []);
  const seen = new Set<string>();
  for (const { name, at } of schedules) {
    if (seen.has(name)) report.add('DUPLICATE_ID', at, `There are two schedules \`${name}\`.`, 'Rename one.');
    seen.add(name);
  }
  return schedules;
}

function readSchedule(item: Node, report: Reporter): ScheduleDraft | undefined {
  const fields = openMap(item, SCHEDULE, report);
  if (fields === undefined) return undefined;
  const name = readName(fields, report);
  const cron = readCron(fields.need('cron', 'When: "0 6 15 2,5,8,11 *".'), report);
  const timezone = readTimezone(fields.need('timezone', 'Whose clocks count: Europe/Berlin.'), report);
  const modeNode = fields.get('mode')?.value;
  const mode = modeNode ? readWord(modeNode, report, { what: '`mode`', ...MODE_WORDS }) : 'drill';
  const aboutNode = fields.get('description')?.value;
  const description = aboutNode && readText(aboutNode, report, { what: '`description`' })?.text;
  const inputs = readInputs(fields.get('inputs'), report);
  if (name === undefined || cron === undefined || timezone === undefined || mode === undefined) {
    return undefined;
  }
  return {
    name,
    at: fields.at,
    cron,
    timezone,
    mode,
    inputs,
    ...(description === undefined ? {} : { description }),
  };
}

function readName(fields: Fields, report: Reporter): string | undefined {
  const entry = fields.need('name', 'What people call it: quarterly.');
  const name = entry && readText(entry.value, report, { what: '`name`', max: MAX_NAME_LENGTH });
  if (name === undefined || isRunbookName(name.text)) return name?.text;
  report.add(
    'ID',
    name.node,
    `\`${name.text}\` is no name for a schedule.`,
    'Small letters, digits and -: quarterly.',
  );
  return undefined;
}

function readCron(entry: Entry | undefined, report: Reporter): string | undefined {
  const cron = entry && readText(entry.value, report, { what: '`cron`', max: MAX_CRON_LENGTH });
  if (cron === undefined) return undefined;
  const problem = cronProblem(cron.text) ?? meaningProblem(cron.text);
  if (problem === undefined) return cron.text;
  report.add(
    'VALUE',
    cron.node,
    problem,
    'At six in the morning of the 15th of each quarter: "0 6 15 2,5,8,11 *".',
  );
  return undefined;
}

/** What is wrong with the numbers of a cron expression, or undefined. */
function meaningProblem(cron: string): string | undefined {
  try {
    const next = new Cron(cron, { timezone: 'UTC', mode: '5-part', paused: true }).nextRun();
    return next === null ? 'This time never comes.' : undefined;
  } catch {
    return 'A number in it is too large or too small for its place, or a range goes backwards.';
  }
}

function readInputs(entry: Entry | undefined, report: Reporter): ScheduleDraft['inputs'] {
  if (entry === undefined) return new Map();
  if (entry.value.kind !== 'map') {
    openMap(entry.value, { what: '`inputs`', keys: [] }, report);
    return new Map();
  }
  return entry.value.entries;
}
