// What works in this process is made in in-process.ts, a door of its own: it loads Temporal's client, which
// commands that need no server should not wait for.
export type { AllowedCommand, Card, CardFacts, CardVote, LastDrill } from './card.ts';
export type { BreakGlassRequest, SpokenAnswer, SpokenRequest } from './emergency-requests.ts';
export type { Pruned, RetentionPolicy } from './retention-desk.ts';
export type { AuditView } from './audit-desk.ts';
export { MusterError, MUSTER_ERRORS } from './errors.ts';
export type { MusterErrorCode } from './errors.ts';
export { openGates } from './gates.ts';
export type { OpenGate } from './gates.ts';
export { isOver } from './muster.ts';
export type { Delegation, Hold, IdentityEvent } from '../store/index.ts';
export type { ListedToken, MadeToken, NewToken, PersonNow } from '../identity/index.ts';
export type { PeopleDesk } from './people.ts';
export type { RevealedSecret, SecretDesk, SecretsRequest } from './secrets.ts';
export type { Rewrapped, SecretRecord } from '../store/index.ts';
export type { TokenDesk } from './tokens.ts';
export { copyLedger, type LedgerSource } from './ledger-copy.ts';
export type { KeyRotation } from './ledger-desk.ts';
export type {
  AssignRequest,
  CloseRequest,
  FindingDesk,
  ListedFinding,
  NoteDesk,
  NoteRequest,
  Period,
  RaiseRequest,
  Reports,
  ReviewRequest,
} from './finding-requests.ts';
export type { LedgerStatus, ReportFormat } from './muster.ts';
export type { SignedInAnswer, SignInWaysAnswer } from './wire.ts';
export type {
  NextStart,
  ScheduleChange,
  Schedules,
  ScheduleTerms,
  ScheduleView,
} from './schedule-requests.ts';
export type {
  CancelRequest,
  DelegateRequest,
  FreezeRequest,
  Frozen,
  InboxGate,
  KeptRefusals,
  Muster,
  PauseRequest,
  RerunRequest,
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
