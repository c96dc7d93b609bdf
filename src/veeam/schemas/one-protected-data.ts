import { z } from 'zod';
import { openEnum } from './open-enum.ts';

const text = z.string().nullish();
const count = z.number().nullish();
const flag = z.boolean().nullish();
const addresses = z.array(z.string()).nullish();

const repository = z
  .looseObject({ repositoryId: count, repositoryUidInVbr: text, type: text, name: text })
  .nullish();

export const protectedVm = z.looseObject({
  vmUidInVbr: z.string(),
  /** Veeam ONE's own id. */
  vmId: count,
  vmIdInHypervisor: text,
  backupServerId: count,
  backupServerName: text,
  name: text,
  platform: openEnum<'VSphere' | 'HyperV' | 'CloudDirector' | 'NutanixAhv' | 'Unknown'>().nullish(),
  parentHostName: text,
  ipAddresses: addresses,
  usedSourceSizeBytes: count,
  provisionedSourceSizeBytes: count,
  /** ISO date of the newest restore point of any kind, as of the last data collection. */
  lastProtectedDate: text,
  jobUid: text,
  jobName: text,
});

export const protectedVmBackup = z.looseObject({
  backupUid: z.string(),
  vmUidInVbr: text,
  jobUid: text,
  jobName: text,
  type: openEnum<'VMBackup' | 'Replication' | 'CDPPolicy' | 'BackupCopyImmediate' | 'Unknown'>().nullish(),
  totalRestorePointSizeBytes: count,
  latestRestorePointSizeBytes: count,
  totalUniqueRestorePointsSizeBytes: count,
  /** How many there are. */
  restorePoints: count,
  uniqueRestorePoints: count,
  /** ISO date. */
  lastProtectedDate: text,
  repository,
  backupServerId: count,
  backupServerName: text,
});

export const vmBackupRestorePoint = z.looseObject({
  restorePointUid: text,
  backupUid: text,
  vmUidInVbr: text,
  jobUid: text,
  jobName: text,
  repositoryUid: text,
  sizeBytes: count,
  provisionedSourceSizeBytes: count,
  usedSourceSizeBytes: count,
  /** ISO date. */
  fileCreationDate: text,
  isIncremental: flag,
  /** ISO date. */
  immutableTill: text,
});

export const vmReplicaRestorePoint = z.looseObject({
  replicaRestorePointUid: z.string(),
  vmUidInVbr: text,
  backupUid: text,
  jobUid: text,
  jobName: text,
  /** Of a service provider's cloud host. */
  hardwarePlan: z.looseObject({ hardwarePlanUid: text, name: text }).nullish(),
  /** ISO date: the newest point's age is the actual RPO. */
  creationDate: text,
});

export const protectedComputer = z.looseObject({
  computerUidInVbr: text,
  /** Veeam ONE's own id. */
  computerId: count,
  backupServerId: count,
  backupServerName: text,
  protectionGroups: z.array(z.looseObject({ groupUid: text, groupName: text })).nullish(),
  name: text,
  ipAddresses: addresses,
  platform: openEnum<'MicrosoftWindows' | 'Linux' | 'MacOs' | 'Unix' | 'Unknown'>().nullish(),
  operationMode: openEnum<'Server' | 'Workstation' | 'Unknown'>().nullish(),
  /** ISO date. */
  lastProtectedDate: text,
});

export const protectedComputerBackup = z.looseObject({
  backupUid: z.string(),
  name: text,
  computerUidInVbr: text,
  jobUid: text,
  jobName: text,
  jobType: openEnum<'Backup' | 'AgentPolicy' | 'BackupCopy' | 'Unknown'>().nullish(),
  usedSourceSizeBytes: count,
  provisionedSourceSizeBytes: count,
  totalRestorePointSizeBytes: count,
  latestRestorePointSizeBytes: count,
  /** How many there are. */
  restorePoints: count,
  /** ISO date. */
  lastProtectedDate: text,
  repository,
  backupServerId: count,
  backupServerName: text,
});

export const computerBackupRestorePoint = z.looseObject({
  restorePointUid: z.string(),
  computerUidInVbr: text,
  backupUid: text,
  jobUid: text,
  jobName: text,
  repositoryUid: text,
  sizeBytes: count,
  sourceSizeBytes: count,
  originalSizeBytes: count,
  /** ISO date. */
  backupCreationDate: text,
  isIncremental: flag,
  /** ISO date. */
  immutableTill: text,
  /** ISO date. */
  fileCreationTime: text,
});
