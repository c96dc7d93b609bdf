export type { AuditStore, DueAudit, KeptAudit } from './audit-contracts.ts';
export type { ChannelHealth, ChannelStore } from './channel-contracts.ts';
export type {
  ContentStore,
  Intent,
  IntentKey,
  IntentResult,
  IntentStore,
  NewIntent,
  Stores,
  TouchedTarget,
} from './contracts.ts';
export type { DraftStore, KeptDraft } from './draft-contracts.ts';
export { createFile, makePrivateFolder, readIfThere, syncFolders } from './durable-file.ts';
export type {
  ChangedFinding,
  FindingFilter,
  FindingStore,
  FindingVersion,
  KeptNote,
  NewFinding,
  NoteStore,
  ReviewStore,
} from './finding-contracts.ts';
export type {
  Delegation,
  DelegationStore,
  FreezeStore,
  GateStore,
  KeptGate,
  KeptRun,
  KeptVote,
  NamedRunbook,
  RefusalStore,
  RunStore,
  RunSum,
  VoteStore,
} from './gate-contracts.ts';
export type {
  KeptCheckpoint,
  KeptEntry,
  LedgerHead,
  LedgerRow,
  LedgerStore,
  PrunedEntry,
} from './ledger-contracts.ts';
export type { Launch, LaunchStore, NotStartedCode } from './launch-contracts.ts';
export {
  IDENTITY_EVENTS,
  type HandOver,
  type IdentityEvent,
  type IdentityEventKind,
  type KeptCredential,
  type PendingLogin,
  type PeopleStore,
  type ProviderKey,
  type ProviderPerson,
  type Revocation,
  type TryLimit,
} from './people-contracts.ts';
export type {
  KeptSecret,
  Revealed,
  RevealRequest,
  Rewrapped,
  SecretName,
  SecretRecord,
  SecretSink,
  SecretStore,
} from './secret-contracts.ts';
export { openEnvelopeKeys, readEnvelopeKeys } from './envelope-keys.ts';
export { takeSecretFiles } from './secret-files.ts';
export { SECRET_CODES, SecretError, type SecretCode } from './secret-error.ts';
export type { EnvelopeKeys } from './sealed-box.ts';
export type {
  Hold,
  KeptBecause,
  KeptPruning,
  NewPruning,
  PrunedRun,
  PruneLimits,
  PrunePlan,
  RetentionStore,
} from './retention-contracts.ts';
export type { HearResult, SpokenStore } from './spoken-contracts.ts';
export { openStores } from './open-stores.ts';
export { backUp, restore, type BackupSummary } from './postgres/backup.ts';
export { channelHealthIn } from './postgres/channels.ts';
export { openDatabase, type Database, type Queries } from './postgres/database.ts';
export { inspectDatabase, type DatabaseState } from './postgres/inspect.ts';
export { readLedgerIn, type ReadLedger } from './postgres/read-only.ts';
export { openWriteAhead } from './write-ahead.ts';
export type { Settled, WriteAhead } from './write-ahead-contracts.ts';
export { isAway, isUnwritable, STORE_CODES, StoreError, type StoreCode } from './store-error.ts';
