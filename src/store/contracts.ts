import type { JsonObject } from '../model/json.ts';
import type { AuditStore } from './audit-contracts.ts';
import type { ChannelStore } from './channel-contracts.ts';
import type { DraftStore } from './draft-contracts.ts';
import type { FindingStore, NoteStore, ReviewStore } from './finding-contracts.ts';
import type { Freeze } from '../model/freeze.ts';
import type { LedgerEntry } from '../model/ledger-entry.ts';
import type {
  DelegationStore,
  FreezeStore,
  GateStore,
  RefusalStore,
  RunStore,
  VoteStore,
} from './gate-contracts.ts';
import type { LedgerStore } from './ledger-contracts.ts';
import type { LaunchStore } from './launch-contracts.ts';
import type { PeopleStore } from './people-contracts.ts';
import type { SecretStore } from './secret-contracts.ts';
import type { RetentionStore } from './retention-contracts.ts';
import type { SpokenStore } from './spoken-contracts.ts';

/** Texts kept by their own digest: compiled runbooks and large outputs. What is kept never changes. */
export interface ContentStore {
  /**
   * Keeps a text, durably when it returns. Keeping the same text again is fine.
   *
   * @returns the SHA-256 of its UTF-8 bytes, in hex: the name it is read by
   * @throws StoreError `store.unavailable`
   */
  put(text: string): Promise<string>;
  /**
   * Reads a text, checked against its digest.
   *
   * @throws StoreError `store.notFound`, `store.corrupt`, `store.unavailable`
   */
  get(digest: string): Promise<string>;
}

/** Names one runbook attempt of one step of one run. */
export interface IntentKey {
  /** The first execution id of the run. */
  readonly run: string;
  readonly path: string;
  /** The runbook's own attempt, from 1. */
  readonly attempt: number;
}

/** What a command is about to do, and what its target looks like before. */
export interface NewIntent extends IntentKey {
  readonly action: string;
  readonly connection: string;
  /** `connection/kind/id`. */
  readonly target: string;
  /** What was read of the target right before. */
  readonly baseline: JsonObject;
  /** SHA-256 of what would be sent. */
  readonly requestDigest: string;
  /** Nothing may be sent after this time: milliseconds since 1970, wall clock. */
  readonly sendBefore: number;
}

/** A recorded intent. Of two with the same key only the one with the higher epoch may act. */
export interface Intent extends NewIntent {
  /** From 1, counted by key. */
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
  /** Whether sending had begun: without it, it is certain that nothing was sent. */
  readonly sending: boolean;
  /** Absent until it is known; a killed worker never tells. */
  readonly result?: IntentResult;
}

/**
 * What became of an intent.
 * - `done`: the server said that it took effect.
 * - `adopted`: it took effect, as the target's state shows.
 * - `notDone`: it certainly did nothing.
 * - `unclear`: it cannot be told; a person has to look.
 */
export interface IntentResult {
  readonly how: 'done' | 'adopted' | 'notDone' | 'unclear';
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly detail?: string;
}

/** A target of a run, as it was before the run's first command on it. */
export interface TouchedTarget {
  readonly target: string;
  readonly baseline: JsonObject;
  readonly connection: string;
  /** When that was, in milliseconds since 1970. */
  readonly recordedAt: number;
  /** The first command that was about to be sent to it. */
  readonly action: string;
  /** Every command of which it is not certain that it did nothing. */
  readonly sent: readonly string[];
}

/** The durable memory of commands: what a worker that was killed leaves behind. */
export interface IntentStore {
  /**
   * Records an intent under the next epoch of its key, and before it, in the same transaction, the entries that led to it. It is
   * on the disk when this returns: whoever acts on it may be killed at any time.
   *
   * @throws StoreError `store.conflict` when an earlier epoch of its key may have sent it, or a later attempt of the step has
   *   begun; `store.corrupt`, `store.unavailable`: then nothing may be sent
   */
  begin(intent: NewIntent, ledTo?: readonly LedgerEntry[]): Promise<Intent>;
  /**
   * Notes, durably, that the request is about to leave. Called right before the first byte, after everything else
   * was checked; calling it again is fine. `assertFree` is given what is frozen at this very moment: no freeze is set
   * between its look and the note, so that a freeze that has been set finds every command that it could not stop.
   *
   * @throws StoreError `store.unavailable`: then nothing may be sent; whatever `assertFree` throws
   */
  sending(intent: Intent, assertFree?: (freezes: readonly Freeze[]) => void): Promise<void>;
  /**
   * Gives up an intent whose worker was lost before it noted that the request leaves; from then on it cannot note it.
   *
   * @returns whether it was given up: false when the request may have left
   */
  abandon(intent: Intent, at: number): Promise<boolean>;
  /** Those whose request was about to leave after this time (milliseconds since 1970), and of which nothing is known yet. */
  underWay(since: number): Promise<readonly Intent[]>;
  /**
   * Whether no higher epoch of its key exists, and no later attempt of its step. Also false when the intent itself is gone: what is not recorded must
   * not act.
   *
   * @throws StoreError `store.corrupt`, `store.unavailable`
   */
  isNewest(intent: Intent): Promise<boolean>;
  /**
   * The intent with the highest epoch, with its result if one was recorded.
   *
   * @throws StoreError `store.corrupt`, `store.unavailable`
   */
  latest(key: IntentKey): Promise<Intent | undefined>;
  /**
   * Records what became of an intent, once. The same result again is fine, the first one stays; the time is not part
   * of the comparison.
   *
   * @throws StoreError `store.conflict` (another result is recorded), `store.corrupt`, `store.unavailable`
   */
  finish(intent: Intent, result: IntentResult): Promise<void>;
  /**
   * Every target that the run recorded an intent for, with its baseline from before the first one. Sorted by target.
   *
   * @throws StoreError `store.corrupt`, `store.unavailable`
   */
  targetsOf(run: string): Promise<readonly TouchedTarget[]>;
}

/** All that muster keeps outside Temporal. */
export interface Stores {
  readonly contents: ContentStore;
  readonly intents: IntentStore;
  readonly secrets: SecretStore;
  readonly votes: VoteStore;
  readonly gates: GateStore;
  readonly refusals: RefusalStore;
  readonly runs: RunStore;
  readonly freezes: FreezeStore;
  readonly delegations: DelegationStore;
  readonly people: PeopleStore;
  readonly drafts: DraftStore;
  readonly spoken: SpokenStore;
  readonly channels: ChannelStore;
  readonly launches: LaunchStore;
  readonly ledger: LedgerStore;
  readonly audits: AuditStore;
  readonly retention: RetentionStore;
  readonly notes: NoteStore;
  readonly findings: FindingStore;
  readonly reviews: ReviewStore;
  /** Ends the connections. */
  close(): Promise<void>;
}
