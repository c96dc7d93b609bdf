import type { ProtectionSpec } from '../scenario/protection-spec.ts';

/** How a replica is, in VBR's words. */
export type ReplicaState =
  /** Replicated by its job, nothing runs on it. */
  | 'Ready'
  /** A session works on it. */
  | 'Processing'
  /** The replica runs instead of its VM. */
  | 'Failover'
  /** A failover did not succeed; it can be tried again or undone. */
  | 'FailedFailover'
  /** The replica has become the production VM: there is nothing left to do with it. */
  | 'PermanentFailover'
  /** The source VM runs again; the replica is kept until somebody commits. */
  | 'Failback'
  /** The source VM is up to date, and waits for the switchover. */
  | 'ReadyToSwitch';

/** The types of sessions that this world knows. */
export type SessionType =
  | 'Failover'
  | 'PlannedFailover'
  | 'PermanentFailover'
  | 'UndoFailover'
  | 'Failback'
  | 'SwitchReplicaToProduction'
  | 'CommitFailback'
  | 'UndoFailback'
  | 'ConfigurationResynchronize'
  | 'RestoreVm';

/** What can be done with a replica. */
export type Move =
  | 'failover'
  | 'plannedFailover'
  | 'permanentFailover'
  | 'undoFailover'
  | 'failback'
  | 'prepareFailback'
  | 'switchToProduction'
  | 'commitFailback'
  | 'undoFailback';

interface MoveRule {
  readonly session: SessionType;
  /** The name of it among a point's `allowedOperations`. */
  readonly operation: string;
  readonly from: readonly ReplicaState[];
  readonly to: ReplicaState;
  readonly duration: keyof ProtectionSpec['durations'];
}

/** Every move: from where, to where. Only what is allowed for `Ready` is documented. */
export const MOVES: Readonly<Record<Move, MoveRule>> = {
  failover: {
    session: 'Failover',
    operation: 'StartViVMSnapshotReplicaFailover',
    from: ['Ready', 'FailedFailover'],
    to: 'Failover',
    duration: 'failover',
  },
  plannedFailover: {
    session: 'PlannedFailover',
    operation: 'StartViVMSnapshotReplicaPlannedFailover',
    from: ['Ready'],
    to: 'Failover',
    duration: 'plannedFailover',
  },
  permanentFailover: {
    session: 'PermanentFailover',
    operation: 'StartViVMSnapshotReplicaPermanentFailover',
    from: ['Failover'],
    to: 'PermanentFailover',
    duration: 'permanentFailover',
  },
  undoFailover: {
    session: 'UndoFailover',
    operation: 'StartViVMSnapshotReplicaUndoFailover',
    from: ['Failover', 'FailedFailover'],
    to: 'Ready',
    duration: 'undoFailover',
  },
  failback: {
    session: 'Failback',
    operation: 'StartViVMSnapshotReplicaFailback',
    from: ['Failover'],
    to: 'Failback',
    duration: 'failback',
  },
  prepareFailback: {
    session: 'Failback',
    operation: 'StartViVMSnapshotReplicaFailback',
    from: ['Failover'],
    to: 'ReadyToSwitch',
    duration: 'failback',
  },
  switchToProduction: {
    session: 'SwitchReplicaToProduction',
    operation: 'StartViVMSnapshotReplicaSwitchToProductionFailback',
    from: ['ReadyToSwitch'],
    to: 'Failback',
    duration: 'switchToProduction',
  },
  commitFailback: {
    session: 'CommitFailback',
    operation: 'StartViVMSnapshotReplicaCommitFailback',
    from: ['Failback'],
    to: 'Ready',
    duration: 'commitFailback',
  },
  undoFailback: {
    session: 'UndoFailback',
    operation: 'StartViVMSnapshotReplicaUndoFailback',
    from: ['Failback', 'ReadyToSwitch'],
    to: 'Failover',
    duration: 'undoFailback',
  },
};

/** What a failed move leaves: a failover that failed is a state of its own, everything else stays as it was. */
export function whenFailed(move: Move, before: ReplicaState): ReplicaState {
  return move === 'failover' || move === 'plannedFailover' ? 'FailedFailover' : before;
}

/** The operations that a replica's points allow in a state, in VBR's order. */
export function allowedOperations(state: ReplicaState): string[] {
  const moves = Object.values(MOVES)
    .filter(({ from }) => from.includes(state))
    .map(({ operation }) => operation);
  const more =
    state === 'Ready'
      ? ['StartFlrRestore']
      : state === 'ReadyToSwitch'
        ? ['ChangeReplicaFailbackSwitchoverTime']
        : [];
  return [...new Set([...moves, ...more])];
}
