import { z } from 'zod';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
const APPEARANCES = ['First', 'Second', 'Third', 'Fourth', 'Last'] as const;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Some day within a year suits every schedule that can be met at all; leap days may need eight. */
const LOOK_AHEAD_DAYS = 8 * 366;

const days = z.array(z.enum(DAYS)).nullish();
const months = z.array(z.enum(MONTHS)).nullish();

/** When data is collected, as `/dataCollection/schedule` has it. Lists that are empty or absent exclude nothing. */
export const scheduleSchema = z.object({
  startTime: z.iso.datetime({ offset: true, local: true }),
  scheduleType: z.enum(['Daily', 'Manually', 'MonthlyDays', 'MonthlyWeekDays', 'Periodic']),
  timeZoneId: z.string().nullable().default(null),
  disabled: z.boolean(),
  periodically: z
    .object({ period: z.int().positive(), interval: z.enum(['Hours', 'Minutes']) })
    .nullable()
    .default(null),
  daily: z.object({ daysOfWeek: days }).nullable().default(null),
  monthlyDays: z
    .object({ months, days: z.array(z.int().min(1).max(31)).nullish() })
    .nullable()
    .default(null),
  monthlyWeekDays: z
    .object({ months, dayOfWeekAppearance: z.array(z.enum(APPEARANCES)).nullish(), daysOfWeek: days })
    .nullable()
    .default(null),
});
export type Schedule = z.output<typeof scheduleSchema>;

/** Every so many minutes, from `start` on. */
export function everyMinutes(minutes: number, start: number): Schedule {
  return {
    startTime: new Date(start).toISOString(),
    scheduleType: 'Periodic',
    timeZoneId: null,
    disabled: false,
    periodically: { period: minutes, interval: 'Minutes' },
    daily: null,
    monthlyDays: null,
    monthlyWeekDays: null,
  };
}

/** The period of a periodic schedule in milliseconds; undefined for all others. */
export function periodOf({ scheduleType, periodically, disabled }: Schedule): number | undefined {
  if (disabled || scheduleType !== 'Periodic') return undefined;
  const { period, interval } = periodically ?? { period: 1, interval: 'Hours' };
  return period * (interval === 'Hours' ? HOUR_MS : MINUTE_MS);
}

/** The next time after `after`, both in milliseconds; undefined when it only starts by hand. Days are those of UTC. */
export function nextRun(schedule: Schedule, after: number): number | undefined {
  if (schedule.disabled || schedule.scheduleType === 'Manually') return undefined;
  const period = periodOf(schedule);
  if (period !== undefined) return after + period;
  const timeOfDay = Date.parse(schedule.startTime) % DAY_MS;
  const today = after - (after % DAY_MS);
  for (let day = 0; day <= LOOK_AHEAD_DAYS; day++) {
    const at = today + day * DAY_MS + timeOfDay;
    if (at > after && isDay(schedule, new Date(at))) return at;
  }
  return undefined;
}

function isDay({ scheduleType, daily, monthlyDays, monthlyWeekDays }: Schedule, date: Date): boolean {
  const weekday = DAYS[date.getUTCDay()];
  const month = MONTHS[date.getUTCMonth()];
  const number = date.getUTCDate();
  switch (scheduleType) {
    case 'Daily':
      return allows(daily?.daysOfWeek, weekday);
    case 'MonthlyDays':
      return allows(monthlyDays?.months, month) && allows(monthlyDays?.days, number);
    case 'MonthlyWeekDays': {
      const { months: of, daysOfWeek, dayOfWeekAppearance } = monthlyWeekDays ?? {};
      const isLast = new Date(date.getTime() + 7 * DAY_MS).getUTCMonth() !== date.getUTCMonth();
      const nth = APPEARANCES[Math.floor((number - 1) / 7)];
      return (
        allows(of, month) &&
        allows(daysOfWeek, weekday) &&
        (allows(dayOfWeekAppearance, nth) || (isLast && allows(dayOfWeekAppearance, 'Last')))
      );
    }
    case 'Manually':
    case 'Periodic':
      return false;
  }
}

function allows<T>(list: readonly T[] | null | undefined, one: T | undefined): boolean {
  return (
    list === null || list === undefined || list.length === 0 || (one !== undefined && list.includes(one))
  );
}
