export type { ChannelHealth, ChannelStore } from './channel-contracts.ts';
export type {
  ContentStore,
  Intent,
  IntentKey,
  IntentResult,
  IntentStore,
  KeptSecret,
  NewIntent,
  SecretSink,
  Stores,
  TouchedTarget,
} from './contracts.ts';
export type { DraftStore, KeptDraft } from './draft-contracts.ts';
export { createFile, makePrivateFolder, readIfThere, syncFolders } from './durable-file.ts';
export type {
  Delegation,
  DelegationStore,
  FreezeStore,
  GateStore,
  KeptGate,
  KeptRun,
  KeptVote,
  RefusalStore,
  RunStore,
  VoteStore,
} from './gate-contracts.ts';
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
export type { HearResult, SpokenStore } from './spoken-contracts.ts';
export { openStores } from './open-stores.ts';
export { backUp, restore, type BackupSummary } from './postgres/backup.ts';
export { channelHealthIn } from './postgres/channels.ts';
export { openDatabase, type Database, type Queries } from './postgres/database.ts';
export { inspectDatabase, type DatabaseState } from './postgres/inspect.ts';
export { STORE_CODES, StoreError, type StoreCode } from './store-error.ts';
