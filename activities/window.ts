import { WEEKDAYS, type Window } from '../src/model/runbook.ts';
import type { WindowFound } from '../src/model/run.ts';
import { StepError } from './step-error.ts';

const MINUTE_IN_MS = 60_000;
const DAY_IN_MS = 24 * 60 * MINUTE_IN_MS;
/** With one day of the week, and a night that daylight saving made too short, the third one fits. */
const MAX_DAYS_AHEAD = 22;

/**
 * The first window in which a step could begin after a time: one that is open then with enough of it left, or the next.
 * By the clocks of its time zone: a time that they show twice means the first, one that they skip means as much later.
 * What the step needs counts in real time.
 *
 * @throws StepError `step.internal` when no window is long enough, which the language does not let through
 */
export function nextWindow(window: Window, after: number): WindowFound {
  const { from, to, timezone, days = WEEKDAYS, needsMs } = window;
  const clock = clockOf(timezone);
  // The day on the calendar there, as if it were one in UTC; a window that is open may have opened the day before.
  const today = Math.floor((after + clock.offsetAt(after)) / DAY_IN_MS) * DAY_IN_MS;
  for (let ahead = -1; ahead <= MAX_DAYS_AHEAD; ahead += 1) {
    const day = today + ahead * DAY_IN_MS;
    if (!days.includes(weekdayOf(day))) continue;
    const opensAt = clock.instantOf(day + timeOf(from));
    const closesAt = clock.instantOf(day + timeOf(to) + (timeOf(to) <= timeOf(from) ? DAY_IN_MS : 0));
    const beginBy = closesAt - needsMs;
    if (beginBy >= opensAt && beginBy >= after) return { opensAt, beginBy };
  }
  throw new StepError('step.internal', `No window from ${from} to ${to} ${timezone} is ever long enough.`);
}

function timeOf(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE_IN_MS;
}

function weekdayOf(day: number): (typeof WEEKDAYS)[number] {
  // 1970 began on a Thursday, the fourth of the list.
  return WEEKDAYS[(((day / DAY_IN_MS + 3) % 7) + 7) % 7] ?? 'mon';
}

interface ZoneClock {
  /** How far the clocks there are ahead of UTC at an instant, in milliseconds. */
  offsetAt(instant: number): number;
  /** The instant at which the clocks there show a time, given as if it were one in UTC. */
  instantOf(shown: number): number;
}

function clockOf(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsetAt = (instant: number): number => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const shown = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return shown - Math.floor(instant / 1_000) * 1_000;
  };
  return {
    offsetAt,
    instantOf(shown) {
      // Before and after any change of the clocks nearby.
      const before = offsetAt(shown - DAY_IN_MS);
      const later = offsetAt(shown + DAY_IN_MS);
      const fits = [shown - before, shown - later].filter((instant) => instant + offsetAt(instant) === shown);
      return fits.length > 0 ? Math.min(...fits) : shown - before;
    },
  };
}
