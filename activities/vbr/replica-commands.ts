import type { InputOf, NamesWithEffect } from '../../src/catalog/index.ts';
import type {
  CommandOptions,
  FailbackMode,
  FailbackSpec,
  VbrClient,
  VbrSession,
} from '../../src/veeam/index.ts';
import { StepError } from '../step-error.ts';

/** The commands on replicas that start one session for each. */
export type ReplicaCommand = Exclude<
  Extract<NamesWithEffect<'command'>, `vbr.${string}`>,
  | 'vbr.issueRecoveryToken'
  | 'vbr.renewRecoveryToken'
  | 'vbr.revokeRecoveryToken'
  | 'vbr.changeSwitchoverTime'
  | 'vbr.rescanReplicas'
  | 'vbr.stopSession'
>;

/** A replica and the point that a command is sent for. */
export interface ChosenPoint {
  readonly replicaId: string;
  /** The machine's name, which is also the name of the session that the command starts for it. */
  readonly replica: string;
  readonly pointId: string;
}

/** What a command is, in the words of VBR. */
export interface ReplicaCommandFacts<Name extends ReplicaCommand> {
  readonly sessionType: VbrSession['sessionType'];
  /** What a point must allow (`allowedOperations`). */
  readonly operation: string;
  /** States in which its goal is reached. */
  readonly goal: readonly string[];
  readonly send: (
    client: VbrClient,
    points: readonly ChosenPoint[],
    input: InputOf<Name>,
    options: CommandOptions,
  ) => Promise<readonly VbrSession[]>;
}

/** Every command on replicas. Which state each leads to follows from the names of the states (docs/veeam.md). */
export const REPLICA_COMMANDS: { readonly [Name in ReplicaCommand]: ReplicaCommandFacts<Name> } = {
  'vbr.failover': {
    sessionType: 'Failover',
    operation: 'StartViVMSnapshotReplicaFailover',
    goal: ['Failover'],
    send: (client, points, { reason }, options) => client.failover.now(spec(points, reason), options),
  },
  'vbr.plannedFailover': {
    sessionType: 'PlannedFailover',
    operation: 'StartViVMSnapshotReplicaPlannedFailover',
    goal: ['Failover'],
    send: (client, points, { reason }, options) => client.failover.planned(spec(points, reason), options),
  },
  'vbr.permanentFailover': {
    sessionType: 'PermanentFailover',
    operation: 'StartViVMSnapshotReplicaPermanentFailover',
    goal: ['PermanentFailover'],
    send: (client, points, { reason }, options) => client.failover.permanent(spec(points, reason), options),
  },
  'vbr.undoFailover': {
    sessionType: 'UndoFailover',
    operation: 'StartViVMSnapshotReplicaUndoFailover',
    goal: ['Ready'],
    send: (client, points, { reason }, options) => client.failover.undo(spec(points, reason), options),
  },
  'vbr.failback': {
    sessionType: 'Failback',
    operation: 'StartViVMSnapshotReplicaFailback',
    goal: ['Failback', 'ReadyToSwitch'],
    send: (client, points, input, options) => client.failback.start(failbackSpec(points, input), options),
  },
  'vbr.switchToProduction': {
    sessionType: 'SwitchReplicaToProduction',
    operation: 'StartViVMSnapshotReplicaSwitchToProductionFailback',
    goal: ['Failback'],
    send: (client, points, _input, options) => client.failback.switchToProduction(spec(points), options),
  },
  'vbr.commitFailback': {
    sessionType: 'CommitFailback',
    operation: 'StartViVMSnapshotReplicaCommitFailback',
    goal: ['Ready'],
    send: (client, points, _input, options) => client.failback.commit(spec(points), options),
  },
  'vbr.undoFailback': {
    sessionType: 'UndoFailback',
    operation: 'StartViVMSnapshotReplicaUndoFailback',
    goal: ['Failover'],
    send: (client, points, _input, options) => client.failback.undo(spec(points), options),
  },
};

function spec(points: readonly ChosenPoint[], reason = '') {
  const replicaPointIds = points.map(({ pointId }) => pointId);
  return reason === '' ? { replicaPointIds } : { replicaPointIds, reason };
}

/** When to switch over, in VBR's words. */
export function failbackMode(switchover: string): FailbackMode {
  if (switchover === 'auto') return { type: 'Auto' };
  if (switchover === 'manual') return { type: 'Manual' };
  return { type: 'Scheduled', scheduledTime: switchover };
}

/** @throws StepError `step.badInput` when a target is missing */
function failbackSpec(points: readonly ChosenPoint[], input: InputOf<'vbr.failback'>): FailbackSpec {
  const common = {
    replicaPointIds: points.map(({ pointId }) => pointId),
    powerOnTargetVM: input.powerOn,
    failbackMode: failbackMode(input.switchover),
  };
  if (input.to === 'originalLocation') {
    return { ...common, type: 'OriginalLocation', quickRollback: input.quickRollback };
  }
  const targetVM = points.map(({ pointId, replica, replicaId }) => {
    const target = input.targets.find((one) => one.replica === replica || one.replica === replicaId);
    if (target === undefined) {
      throw new StepError('step.badInput', `vbr.failback to originalVm needs a target for ${replica}.`);
    }
    const { host: hostName, vm: name, objectId } = target;
    return {
      replicaPointId: pointId,
      destinationVM: {
        platform: 'VMware' as const,
        hostName,
        name,
        type: 'VirtualMachine',
        ...(objectId === undefined ? {} : { objectId }),
      },
    };
  });
  return { ...common, type: 'OriginalVM', targetVM };
}
