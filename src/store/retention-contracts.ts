/** That nothing of a run is removed. Times are milliseconds since 1970. */
export interface Hold {
  readonly id: string;
  /** The first execution id. */
  readonly run: string;
  readonly runId: string;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

/** What may go: everything that ended or happened before a time, in milliseconds since 1970; absent: nothing of that kind. */
export interface PruneLimits {
  readonly runsBefore?: number;
  readonly refusalsBefore?: number;
  readonly identityBefore?: number;
  /** So many of the newest ended drills of each runbook stay, whatever their age. */
  readonly keepDrills: number;
}

/** A run all of whose entries go. */
export interface PrunedRun {
  /** The first execution id. */
  readonly run: string;
  readonly runId: string;
}

/** Why a run stays that is old enough to go. */
export type KeptBecause = 'open' | 'hold' | 'finding' | 'drill' | 'notAudited';

/** What would go. */
export interface PrunePlan {
  /** With those that their steps have started. */
  readonly runs: readonly PrunedRun[];
  /** Runs that stay, and lose their refused answers: their evidence cannot be exported any more. */
  readonly losingRefusals: readonly PrunedRun[];
  readonly kept: readonly { readonly runId: string; readonly because: KeptBecause }[];
  /** The positions of all entries that go, ascending. */
  readonly positions: readonly number[];
  /** Their leaf hashes, in the same order. */
  readonly leaves: readonly Uint8Array[];
}

/** A pruning to be done: what is written down of it. */
export interface NewPruning {
  readonly id: string;
  readonly at: number;
  readonly actor: string;
  readonly policyDigest: string;
  readonly leavesDigest: string;
  /** From and to, both included, ascending. */
  readonly ranges: readonly (readonly [number, number])[];
  /** The signed statement. */
  readonly statement: string;
}

/** A pruning that was done. */
export interface KeptPruning {
  readonly id: string;
  readonly at: number;
  readonly actor: string;
  readonly statement: string;
}

/** How long things are kept, and what was removed. */
export interface RetentionStore {
  /** @throws StoreError `store.conflict` when the run is held already */
  hold(hold: Hold): Promise<void>;
  /** @returns whether it was held */
  unhold(run: string, by: string, at: number): Promise<boolean>;
  /** Those in force, oldest first. */
  holds(): Promise<readonly Hold[]>;
  plan(limits: PruneLimits): Promise<PrunePlan>;
  /**
   * Removes the texts of entries and the documents that belong to them, and enters that it did; all of it or nothing.
   *
   * @throws StoreError `store.conflict` when something of it may not go any more: plan anew
   */
  prune(pruning: NewPruning, plan: PrunePlan): Promise<void>;
  prunings(): Promise<readonly KeptPruning[]>;
  /** Whether anything of a run was removed. */
  isPruned(run: string): Promise<boolean>;
}
