import type { LedgerEntry } from '../model/ledger-entry.ts';
import type { Intent, IntentKey, IntentResult, NewIntent } from './contracts.ts';

/** How much of what was written ahead is in the store now. */
export type Settled =
  /** All of it. */
  | 'merged'
  /** The store is away still. */
  | 'away'
  /** A command is under way that is written ahead: all of it, or nothing, is merged. */
  | 'busy';

/**
 * The memory of one worker while the store is away: a file in which each line is on the disk before the next thing is done.
 * What is in it goes into the store when that is back: once, in its order, marked.
 */
export interface WriteAhead {
  /** Whether this worker may write: one at most does, whoever holds the lock of the folder. */
  readonly isHeld: boolean;
  /** Whether there is anything that is not in the store yet. */
  readonly isPending: boolean;
  /** @throws StoreError `store.unavailable`: then nothing may be sent */
  append(entries: readonly LedgerEntry[]): Promise<void>;
  /** Keeps a text by its digest. */
  keep(text: string): Promise<string>;
  /**
   * Begins an intent whose key was never begun: the caller knows that it is the first of its key.
   *
   * @throws StoreError `store.conflict` when this file holds the key already, `store.unavailable`
   */
  begin(intent: NewIntent): Promise<Intent>;
  sending(intent: Intent): Promise<void>;
  finish(intent: Intent, result: IntentResult): Promise<void>;
  /** What is written ahead of a key, and not merged yet. */
  latest(key: IntentKey): Intent | undefined;
  /** Does something that is written ahead; nothing is merged meanwhile. */
  whileBusy<T>(work: () => Promise<T>): Promise<T>;
  /** Brings what waits into the store, when that answers. @throws StoreError `store.corrupt` for a file that was changed */
  settle(): Promise<Settled>;
  /** Ends writing. What is not merged stays for the next worker. */
  close(): Promise<void>;
}
