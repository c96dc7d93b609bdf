export { MusterError, MUSTER_ERRORS } from './errors.ts';
export type { MusterErrorCode } from './errors.ts';
export { openGates } from './gates.ts';
export type { OpenGate } from './gates.ts';
export { createMuster } from './in-process.ts';
export type { LanguageDoor, MusterParts } from './in-process.ts';
export type { People } from './answer.ts';
export { isOver } from './muster.ts';
export type {
  CancelRequest,
  Muster,
  RunSummary,
  RunView,
  StartedRun,
  StartRequest,
  StepProgress,
  ValidateRequest,
  Validation,
  VoteRequest,
} from './muster.ts';
