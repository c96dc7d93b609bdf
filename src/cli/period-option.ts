import type { Period } from '../client/index.ts';
import { parseDuration } from '../model/duration.ts';
import { parseMoment } from '../model/moment.ts';
import { CliError } from './cli-error.ts';

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const YEARS = /^(\d{1,2})y$/;
const HINT =
  'Write --from 2026-01-01 --to 2026-12-31 (days in UTC, both included), or --last 90d, or --last 1y.';

/** The options of every command that is about a period. */
export const PERIOD = {
  from: { flags: '--from <day>', says: 'the first day of a period, in UTC, or a time with its zone' },
  to: { flags: '--to <day>', says: 'its last day; default: until now' },
  last: { flags: '--last <duration>', says: 'the period until now: 90d, 1y' },
} as const;

/**
 * The period that somebody means; undefined when none is named.
 *
 * @throws CliError `cli.usage`
 */
export function periodOf(
  options: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly last?: string | undefined;
  },
  now: number,
): Period | undefined {
  const { from, to, last } = options;
  if (last !== undefined) {
    if (from !== undefined || to !== undefined) throw usage('--last is given instead of --from and --to.');
    return { from: before(last, now), to: now };
  }
  if (from === undefined) {
    if (to !== undefined) throw usage('--from is missing.');
    return undefined;
  }
  const period = { from: startOf('--from', from), to: to === undefined ? now : endOf(to) };
  if (period.from >= period.to) throw usage('The period ends before it begins.');
  return period;
}

function before(text: string, now: number): number {
  const years = Number(YEARS.exec(text)?.[1] ?? 0);
  if (years > 0) {
    const then = new Date(now);
    return then.setUTCFullYear(then.getUTCFullYear() - years);
  }
  const duration = parseDuration(text);
  if (duration === undefined) throw usage(`--last: \`${text}\` is no duration.`);
  return now - duration;
}

function startOf(flag: string, text: string): number {
  const at = parseMoment(DAY.test(text) ? `${text}T00:00Z` : text);
  if (at === undefined) throw usage(`${flag}: \`${text}\` is no day, and no time with its zone.`);
  return at;
}

/** The last day is in the period. */
function endOf(text: string): number {
  const at = startOf('--to', text);
  return DAY.test(text) ? at + DAY_MS : at;
}

function usage(message: string): CliError {
  return new CliError('cli.usage', message, { hint: HINT });
}
