// What works in this process is made in in-process.ts, a door of its own: it loads Temporal's client, which
// commands that need no server should not wait for.
export { MusterError, MUSTER_ERRORS } from './errors.ts';
export type { MusterErrorCode } from './errors.ts';
export { openGates } from './gates.ts';
export type { OpenGate } from './gates.ts';
export { isOver } from './muster.ts';
export type {
  CancelRequest,
  Muster,
  RunbookText,
  RunSummary,
  RunView,
  StartedRun,
  StartRequest,
  StepProgress,
  ValidateRequest,
  Validation,
  VoteRequest,
} from './muster.ts';
