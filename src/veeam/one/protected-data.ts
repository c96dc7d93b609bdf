import { onePageOf } from '../schemas/one-page.ts';
import {
  computerBackupRestorePoint,
  protectedComputer,
  protectedComputerBackup,
  protectedVm,
  protectedVmBackup,
  vmBackupRestorePoint,
  vmReplicaRestorePoint,
} from '../schemas/one-protected-data.ts';
import type { OneCalls } from './calls.ts';
import { oneCollection, oneObjects } from './collection.ts';
import type { OneCollection, OneObjects } from './collection.ts';
import type {
  ComputerBackupRestorePoint,
  ProtectedComputer,
  ProtectedComputerBackup,
  ProtectedVm,
  ProtectedVmBackup,
  VmBackupRestorePoint,
  VmReplicaRestorePoint,
} from './types.ts';

/** VMs of which there are backups or replicas. `vmUid` is their `vmUidInVbr`. */
export interface ProtectedVms extends OneObjects<ProtectedVm> {
  /** The backups and replicas of all VMs. */
  readonly backups: OneCollection<ProtectedVmBackup>;
  backupsOf(vmUid: string): OneCollection<ProtectedVmBackup>;
  backupRestorePointsOf(vmUid: string): OneCollection<VmBackupRestorePoint>;
  replicaRestorePointsOf(vmUid: string): OneCollection<VmReplicaRestorePoint>;
}

/** Machines backed up by an agent. `computerUid` is their `computerUidInVbr`. */
export interface ProtectedComputers extends OneObjects<ProtectedComputer> {
  /** The backups of all computers. */
  readonly backups: OneCollection<ProtectedComputerBackup>;
  backupsOf(computerUid: string): OneCollection<ProtectedComputerBackup>;
  backupRestorePointsOf(computerUid: string): OneCollection<ComputerBackupRestorePoint>;
}

const vmPage = onePageOf(protectedVm);

export function protectedVms(calls: OneCalls): ProtectedVms {
  return {
    ...oneCollection(calls, {
      verb: 'protectedVms.list',
      item: protectedVm,
      identity: ['vmUidInVbr', 'backupServerId'],
    }),
    get: async (vmUid, options) => {
      const page = await calls.read(
        'protectedVms.get',
        { params: { vmUidInVbr: String(vmUid) }, schema: vmPage },
        options,
      );
      // The vendor answers a page here, so an unknown VM may be an empty one instead of a 404.
      const [vm] = page.items;
      if (vm === undefined) {
        throw calls.error('veeam.notFound', 'protectedVms.get', 'no protected VM has this id');
      }
      return vm;
    },
    backups: oneCollection(calls, {
      verb: 'protectedVms.backups',
      item: protectedVmBackup,
      identity: ['backupUid', 'vmUidInVbr'],
    }),
    backupsOf: (vmUid) =>
      oneCollection(calls, {
        verb: 'protectedVms.backupsOf',
        item: protectedVmBackup,
        identity: ['backupUid', 'vmUidInVbr'],
        params: { vmUidInVbr: vmUid },
      }),
    backupRestorePointsOf: (vmUid) =>
      oneCollection(calls, {
        verb: 'protectedVms.backupRestorePointsOf',
        item: vmBackupRestorePoint,
        identity: ['restorePointUid', 'backupUid'],
        params: { vmUidInVbr: vmUid },
      }),
    replicaRestorePointsOf: (vmUid) =>
      oneCollection(calls, {
        verb: 'protectedVms.replicaRestorePointsOf',
        item: vmReplicaRestorePoint,
        identity: ['replicaRestorePointUid'],
        params: { vmUidInVbr: vmUid },
      }),
  };
}

export function protectedComputers(calls: OneCalls): ProtectedComputers {
  return {
    ...oneObjects(calls, {
      verb: 'protectedComputers.list',
      getVerb: 'protectedComputers.get',
      idName: 'computerUidInVbr',
      item: protectedComputer,
      identity: ['computerUidInVbr', 'computerId', 'backupServerId'],
    }),
    backups: oneCollection(calls, {
      verb: 'protectedComputers.backups',
      item: protectedComputerBackup,
      identity: ['backupUid', 'computerUidInVbr'],
    }),
    backupsOf: (computerUid) =>
      oneCollection(calls, {
        verb: 'protectedComputers.backupsOf',
        item: protectedComputerBackup,
        identity: ['backupUid', 'computerUidInVbr'],
        params: { computerUidInVbr: computerUid },
      }),
    backupRestorePointsOf: (computerUid) =>
      oneCollection(calls, {
        verb: 'protectedComputers.backupRestorePointsOf',
        item: computerBackupRestorePoint,
        identity: ['restorePointUid', 'backupUid'],
        params: { computerUidInVbr: computerUid },
      }),
  };
}
