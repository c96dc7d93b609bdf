import { z } from 'zod';
import { openEnum } from './open-enum.ts';

const text = z.string().nullish();
const count = z.number().nullish();

const jobStatus = openEnum<'None' | 'Success' | 'Warning' | 'Failed' | 'Running' | 'Unknown'>();

/** The last run of a job; `details` says why it did not succeed. */
const lastRun = {
  details: z.array(z.string()).nullish(),
  /** ISO date. */
  lastRun: text,
  lastRunDurationSec: count,
  avgDurationSec: count,
};

/** A failover plan of a VBR server: read-only here, and without its VMs. */
export const oneFailoverPlan = z.looseObject({
  failoverPlanUid: text,
  backupServerId: count,
  name: text,
  description: text,
  status: openEnum<
    | 'Ready'
    | 'InProgress'
    | 'InUndoProgress'
    | 'Success'
    | 'Warning'
    | 'Failed'
    | 'UndoSuccess'
    | 'UndoFailed'
    | 'Unknown'
  >(),
  /** ISO date. */
  lastRun: text,
});

export const oneReplicationJob = z.looseObject({
  vmReplicationJobUid: text,
  backupServerId: count,
  name: text,
  description: text,
  status: jobStatus,
  platform: openEnum<'VSphere' | 'HyperV' | 'Unknown'>().nullish(),
  lastTransferredDataBytes: count,
  ...lastRun,
});

export const oneCdpPolicy = z.looseObject({
  cdpPolicyUid: text,
  backupServerId: count,
  name: text,
  description: text,
  status: openEnum<'Running' | 'Disabled'>(),
  /** The target, in seconds: the only one that Veeam ONE knows. */
  rpoSec: count,
  shortTermRetentionSec: count,
  longTermRetentionSec: count,
  keepRestorePointsInDays: count,
  clusterReference: text,
  hostReference: text,
  replicaNameSuffix: text,
  sourceProxyAutoDetect: z.boolean().nullish(),
  targetProxyAutoDetect: z.boolean().nullish(),
  isApplicationAwareEnabled: z.boolean().nullish(),
});

export const oneSureBackupJob = z.looseObject({
  sureBackupJobUid: z.string(),
  backupServerId: count,
  name: text,
  status: jobStatus,
  createdBy: text,
  ...lastRun,
});
