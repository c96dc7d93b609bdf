export { lazyConnection } from './connection.ts';
export { createControl } from './control.ts';
export type { Control, ListedRun, RunDescription } from './control.ts';
export { ControlError, CONTROL_ERRORS } from './errors.ts';
export type { ControlErrorCode } from './errors.ts';
export type { PendingActivity } from './pending.ts';
export { isRunId, newRunId } from './run-id.ts';
