export { clockChangeMet, nextTimes, type ClockChange } from './cron.ts';
export { lazyConnection } from './connection.ts';
export { createControl } from './control.ts';
export type { Control, ListedRun, RunDescription } from './control.ts';
export type { BegunExecution, WholeRun } from './executions.ts';
export type { ExecutionHistory } from './histories.ts';
export { ControlError, CONTROL_ERRORS } from './errors.ts';
export type { ControlErrorCode } from './errors.ts';
export type { PendingActivity } from './pending.ts';
export { isRunId, newRunId } from './run-id.ts';
export {
  createScheduleControl,
  type ListedSchedule,
  type ScheduleControl,
  type TestSpec,
} from './schedules.ts';
