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
export { createFile, makePrivateFolder, readIfThere, syncFolders } from './durable-file.ts';
export { openFileStores } from './open-file-stores.ts';
export { STORE_CODES, StoreError, type StoreCode } from './store-error.ts';
