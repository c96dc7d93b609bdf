import { z } from 'zod';
import { openEnum } from './open-enum.ts';

const text = z.string().nullish();
const count = z.number().nullish();

/** Of sessions, collection tasks and the collection as a whole. */
const taskStatus = openEnum<
  | 'InQueue'
  | 'Processing'
  | 'Rollback'
  | 'Stopping'
  | 'Stopped'
  | 'Success'
  | 'Warning'
  | 'Failed'
  | 'FailedWithoutStart'
>();

/** One run of one of Veeam ONE's own tasks. */
export const oneSession = z.looseObject({
  jobSessionId: z.number(),
  name: text,
  type: openEnum<
    | 'AggregateProperties'
    | 'BusinessviewData'
    | 'CapacityPlanning'
    | 'DataAdministration'
    | 'IndexesUpgrade'
    | 'ScheduleDashboard'
    | 'ScheduleFolder'
    | 'ScheduleReporting'
  >().nullish(),
  status: taskStatus,
  statusPriority: count,
  /** ISO date. */
  start: text,
  /** ISO date. */
  end: text,
});

export const oneSessionRecord = z.looseObject({
  sessionRecordId: z.number(),
  details: text,
  /** ISO date. */
  logDateTime: text,
});

/** What Veeam ONE last read from one server that it watches: everything it shows of that server is as old as this. */
export const oneCollectionTask = z.looseObject({
  sessionId: z.number(),
  taskId: count,
  name: text,
  status: taskStatus,
  statusPriority: count,
  /** ISO date. */
  modified: text,
  /** ISO date. */
  lastRun: text,
  collectingType: openEnum<
    | 'EnterpriseManager'
    | 'HyperVFailoverCluster'
    | 'HyperVHost'
    | 'HyperVSCVMM'
    | 'VB365'
    | 'VBR'
    | 'VMwareCloudDirector'
    | 'VMwareHost'
    | 'VMwarevCenter'
    | 'Unknown'
  >().nullish(),
});

export const oneCollectionStatus = z.looseObject({
  /** Percent, while it runs. */
  progress: count,
  status: taskStatus,
  /** A person started it, not the schedule. */
  manuallyStart: z.boolean().nullish(),
  /** ISO date. */
  nextRun: text,
  tasksSuccess: count,
  tasksWarning: count,
  tasksFailed: count,
  tasksStopped: count,
});

const days = z
  .array(openEnum<'Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday' | 'Sunday'>())
  .nullish();
const months = z.array(z.string()).nullish();

/** When data is collected. */
export const oneSchedule = z.looseObject({
  /** ISO date. */
  startTime: z.string(),
  scheduleType: openEnum<'Periodic' | 'Daily' | 'MonthlyDays' | 'MonthlyWeekDays' | 'Manually'>(),
  timeZoneId: text,
  disabled: z.boolean().nullish(),
  periodically: z
    .looseObject({ period: count, interval: openEnum<'Minutes' | 'Hours'>().nullish() })
    .nullish(),
  daily: z.looseObject({ daysOfWeek: days }).nullish(),
  monthlyDays: z.looseObject({ months, days: z.array(z.number()).nullish() }).nullish(),
  monthlyWeekDays: z
    .looseObject({
      months,
      dayOfWeekAppearance: z.array(openEnum<'First' | 'Second' | 'Third' | 'Fourth' | 'Last'>()).nullish(),
      daysOfWeek: days,
    })
    .nullish(),
});
