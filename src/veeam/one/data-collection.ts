import type { CallOptions, CommandOptions } from '../calls.ts';
import { oneCollectionStatus, oneCollectionTask, oneSchedule } from '../schemas/one-task.ts';
import type { OneCalls } from './calls.ts';
import { oneCollection } from './collection.ts';
import type { OneCollection } from './collection.ts';
import type { OneCollectionStatus, OneCollectionTask, OneSchedule } from './types.ts';

type Day = 'Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday' | 'Sunday';
type Month =
  | 'January'
  | 'February'
  | 'March'
  | 'April'
  | 'May'
  | 'June'
  | 'July'
  | 'August'
  | 'September'
  | 'October'
  | 'November'
  | 'December';

/** What is to change of the schedule; the rest stays. */
export type ScheduleChange = {
  /** ISO date. */
  readonly startTime?: string;
  readonly timeZoneId?: string;
  readonly scheduleType?: 'Periodic' | 'Daily' | 'MonthlyDays' | 'MonthlyWeekDays' | 'Manually';
  readonly disabled?: boolean;
  readonly periodically?: { readonly period: number; readonly interval: 'Minutes' | 'Hours' };
  readonly daily?: { readonly daysOfWeek: readonly Day[] };
  readonly monthlyDays?: { readonly months: readonly Month[]; readonly days: readonly number[] };
  readonly monthlyWeekDays?: {
    readonly months: readonly Month[];
    readonly dayOfWeekAppearance: readonly ('First' | 'Second' | 'Third' | 'Fourth' | 'Last')[];
    readonly daysOfWeek: readonly Day[];
  };
};

/**
 * How fresh Veeam ONE's knowledge is: it answers from what it last collected, never from the servers themselves.
 */
export interface DataCollection {
  status(options?: CallOptions): Promise<OneCollectionStatus>;
  /** The last collection from each watched server. */
  readonly tasks: OneCollection<OneCollectionTask>;
  schedule(options?: CallOptions): Promise<OneSchedule>;
  changeSchedule(change: ScheduleChange, options?: CommandOptions): Promise<void>;
  /** Collects now; watch `status`. */
  start(options?: CommandOptions): Promise<void>;
  stop(options?: CommandOptions): Promise<void>;
}

export function dataCollection(calls: OneCalls): DataCollection {
  const done = () => undefined;
  return {
    status: (options) => calls.read('dataCollection.status', { schema: oneCollectionStatus }, options),
    tasks: oneCollection(calls, {
      verb: 'dataCollection.tasks',
      item: oneCollectionTask,
      identity: ['sessionId', 'taskId', 'name'],
      needs: ['status'],
    }),
    schedule: (options) => calls.read('dataCollection.schedule', { schema: oneSchedule }, options),
    changeSchedule: (body, options) =>
      calls.command('dataCollection.changeSchedule', { body, result: done }, options),
    start: (options) => calls.command('dataCollection.start', { result: done }, options),
    stop: (options) => calls.command('dataCollection.stop', { result: done }, options),
  };
}
