import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { inertValue } from '../render/inert.ts';
import { launchLines, nextLines, scheduleLines } from '../render/schedules.ts';

const MAX_NEXT = 100;
const MAX_LAUNCHES = 200;

export const scheduleList = command({
  name: 'schedule list',
  summary: 'List the schedules in force, when each comes next, and what it did last.',
  args: {},
  options: {},
  examples: ['schedule list'],
  async run({ context }) {
    const muster = await context.muster();
    const list = await muster.schedules.list();
    answer(context, { value: list, text: () => scheduleLines(inertValue(list), context).join('\n') });
    return EXIT.ok;
  },
});

export const scheduleNext = command({
  name: 'schedule next',
  summary: 'Tell what starts by itself next.',
  args: { count: { says: 'how many starts; default: 10', optional: true } },
  options: {},
  examples: ['schedule next', 'schedule next 30'],
  async run({ args: { count = '10' }, context }) {
    const muster = await context.muster();
    const starts = await muster.schedules.next(numberOf(count, 'COUNT', MAX_NEXT));
    answer(context, { value: starts, text: () => nextLines(inertValue(starts)).join('\n') });
    return EXIT.ok;
  },
});

export const scheduleLog = command({
  name: 'schedule log',
  summary: 'Tell what schedules did: the runs that they started, and why they started none.',
  args: { schedule: { says: 'runbook/name; default: all', optional: true } },
  options: { limit: { flags: '--limit <count>', says: 'how many at most', default: '20' } },
  examples: ['schedule log', 'schedule log dr-drill/quarterly'],
  async run({ args: { schedule: id }, options, context }) {
    const limit = numberOf(options.limit, '--limit', MAX_LAUNCHES);
    const muster = await context.muster();
    const launches = await muster.schedules.launches({ ...(id !== undefined && { id }), limit });
    answer(context, { value: launches, text: () => launchLines(inertValue(launches)).join('\n') });
    return EXIT.ok;
  },
});

/** @throws CliError `cli.usage` */
function numberOf(text: string, what: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new CliError('cli.usage', `${what} is a number from 1 to ${most}.`);
}
