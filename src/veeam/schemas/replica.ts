import { z } from 'zod';
import { openEnum } from './open-enum.ts';

const text = z.string().nullish();

/** The same values for a replica and for each of its points. */
export const replicaState = openEnum<
  | 'Ready'
  | 'Processing'
  | 'SureBackup'
  | 'Failover'
  | 'FailedFailover'
  | 'PermanentFailover'
  | 'Failback'
  | 'ReadyToSwitch'
>();

/** A replicated VM. `Regular` ones have a state; of CDP replicas the API says less. */
export const replica = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  type: openEnum<'Regular' | 'CDP'>().nullish(),
  /** The job that replicates it. */
  jobId: text,
  policyUniqueId: text,
  platformName: openEnum<'VMware' | 'HyperV' | 'CloudDirector'>().nullish(),
  platformId: text,
  /** ISO date. */
  creationTime: text,
  state: replicaState.nullish(),
});

/** What can be started with a point. */
const pointOperation = openEnum<
  | 'StartViVMSnapshotReplicaFailover'
  | 'StartViVMSnapshotReplicaPlannedFailover'
  | 'StartViVMSnapshotReplicaPermanentFailover'
  | 'StartViVMSnapshotReplicaUndoFailover'
  | 'StartViVMSnapshotReplicaFailback'
  | 'StartViVMSnapshotReplicaUndoFailback'
  | 'StartViVMSnapshotReplicaCommitFailback'
  | 'StartViVMSnapshotReplicaSwitchToProductionFailback'
  | 'ChangeReplicaFailbackSwitchoverTime'
  | 'StartFlrRestore'
>();

/** A restore point of a replica: what failover and failback are asked for. */
export const replicaPoint = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  replicaId: z.string(),
  /** ISO date: the newest point's age is the replica's actual RPO. */
  creationTime: z.string(),
  /** What the server would let us start with this point now. */
  allowedOperations: z
    .array(pointOperation)
    .nullish()
    .transform((operations) => operations ?? []),
  platformName: text,
  platformId: text,
  state: replicaState.nullish(),
  malwareStatus: openEnum<'Clean' | 'Suspicious' | 'Infected'>().nullish(),
});
