import { oneBackupServer } from '../schemas/one-backup-server.ts';
import { oneCdpPolicy, oneFailoverPlan, oneReplicationJob, oneSureBackupJob } from '../schemas/one-jobs.ts';
import type { OneCalls } from './calls.ts';
import { oneObjects } from './collection.ts';
import type { OneObjects } from './collection.ts';
import type {
  OneBackupServer,
  OneCdpPolicy,
  OneFailoverPlan,
  OneReplicationJob,
  OneSureBackupJob,
} from './types.ts';

/** What Veeam ONE shows of the VBR servers it watches and of what runs on them. Read-only. */
export interface VbrObjects {
  readonly backupServers: OneObjects<OneBackupServer>;
  readonly failoverPlans: OneObjects<OneFailoverPlan>;
  readonly replicationJobs: OneObjects<OneReplicationJob>;
  readonly cdpPolicies: OneObjects<OneCdpPolicy>;
  readonly sureBackupJobs: OneObjects<OneSureBackupJob>;
}

export function vbrObjects(calls: OneCalls): VbrObjects {
  return {
    backupServers: oneObjects(calls, {
      verb: 'backupServers.list',
      getVerb: 'backupServers.get',
      idName: 'backupServerId',
      item: oneBackupServer,
      identity: ['backupServerId'],
      needs: ['connectionState'],
    }),
    failoverPlans: oneObjects(calls, {
      verb: 'failoverPlans.list',
      getVerb: 'failoverPlans.get',
      idName: 'failoverPlanUid',
      item: oneFailoverPlan,
      identity: ['failoverPlanUid', 'backupServerId'],
      needs: ['status'],
    }),
    replicationJobs: oneObjects(calls, {
      verb: 'replicationJobs.list',
      getVerb: 'replicationJobs.get',
      idName: 'vmReplicationJobUid',
      item: oneReplicationJob,
      identity: ['vmReplicationJobUid', 'backupServerId'],
      needs: ['status'],
    }),
    cdpPolicies: oneObjects(calls, {
      verb: 'cdpPolicies.list',
      getVerb: 'cdpPolicies.get',
      idName: 'cdpPolicyUid',
      item: oneCdpPolicy,
      identity: ['cdpPolicyUid', 'backupServerId'],
      needs: ['status'],
    }),
    sureBackupJobs: oneObjects(calls, {
      verb: 'sureBackupJobs.list',
      getVerb: 'sureBackupJobs.get',
      idName: 'sureBackupJobUid',
      item: oneSureBackupJob,
      identity: ['sureBackupJobUid', 'backupServerId'],
      needs: ['status'],
    }),
  };
}
