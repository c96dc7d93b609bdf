import { Cron } from 'croner';

const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;
/** For how long clock changes are looked for: two of each kind, also where they are near today. */
const YEARS_AHEAD = 2;

/** When a cron expression comes next, by the clocks of a time zone; milliseconds since 1970. */
export function nextTimes(cron: string, timezone: string, count: number, after: number): number[] {
  return new Cron(cron, { timezone, mode: '5-part', paused: true })
    .nextRuns(count, new Date(after))
    .map((date) => date.getTime());
}

/** A clock change that a cron expression would meet: times that are skipped, or that come twice. */
export interface ClockChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: 'skips' | 'repeats';
  /** As the clocks show it: `2027-03-28 02:30`. */
  readonly time: string;
}

/**
 * The next clock change within two years in which a cron expression has a time, or undefined. Temporal leaves out what is
 * skipped, and starts what comes twice once or twice: nobody should depend on that.
 */
export function clockChangeMet(cron: string, timezone: string, now: number): ClockChange | undefined {
  const offset = offsetOf(timezone);
  const wall = new Cron(cron, { timezone: 'UTC', mode: '5-part', paused: true });
  for (let day = now; day < now + YEARS_AHEAD * 366 * DAY_MS; day += DAY_MS) {
    const [before, after] = [offset(day), offset(day + DAY_MS)];
    if (before === after) continue;
    const at = changeBetween(day, day + DAY_MS, offset);
    // The clocks show these times never, or twice.
    const [from, to] = [at + Math.min(before, after), at + Math.max(before, after)];
    const met = wall.nextRun(new Date(from - SECOND_MS));
    if (met !== null && met.getTime() < to) {
      const time = met.toISOString().slice(0, 16).replace('T', ' ');
      return { at, kind: after > before ? 'skips' : 'repeats', time };
    }
  }
  return undefined;
}

/** How far the clocks of a time zone are ahead of UTC at a time, in milliseconds. */
function offsetOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (at) => {
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / SECOND_MS) * SECOND_MS;
  };
}

/** The second in which an offset changes between two times. */
function changeBetween(from: number, to: number, offset: (at: number) => number): number {
  const before = offset(from);
  let [low, high] = [Math.floor(from / SECOND_MS), Math.ceil(to / SECOND_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle * SECOND_MS) === before) low = middle;
    else high = middle;
  }
  return high * SECOND_MS;
}
