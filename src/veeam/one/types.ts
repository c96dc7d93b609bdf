import type { z } from 'zod';
import type { oneAsyncTask, oneInstallation, oneServer, oneUpdater } from '../schemas/one-about.ts';
import type { alarmTemplate, triggeredAlarm, triggeredChildAlarm } from '../schemas/one-alarms.ts';
import type { oneBackupServer } from '../schemas/one-backup-server.ts';
import type {
  oneCdpPolicy,
  oneFailoverPlan,
  oneReplicationJob,
  oneSureBackupJob,
} from '../schemas/one-jobs.ts';
import type {
  computerBackupRestorePoint,
  protectedComputer,
  protectedComputerBackup,
  protectedVm,
  protectedVmBackup,
  vmBackupRestorePoint,
  vmReplicaRestorePoint,
} from '../schemas/one-protected-data.ts';
import type {
  oneCollectionStatus,
  oneCollectionTask,
  oneSchedule,
  oneSession,
  oneSessionRecord,
} from '../schemas/one-task.ts';

/** Veeam ONE's objects as this layer hands them out. Unknown fields are kept, unknown enum values stay strings. */
export type OneServer = z.infer<typeof oneServer>;
export type OneInstallation = z.infer<typeof oneInstallation>;
export type OneUpdater = z.infer<typeof oneUpdater>;
export type OneAsyncTask = z.infer<typeof oneAsyncTask>;
export type OneSession = z.infer<typeof oneSession>;
export type OneSessionRecord = z.infer<typeof oneSessionRecord>;
export type OneCollectionTask = z.infer<typeof oneCollectionTask>;
export type OneCollectionStatus = z.infer<typeof oneCollectionStatus>;
export type OneSchedule = z.infer<typeof oneSchedule>;
export type OneFailoverPlan = z.infer<typeof oneFailoverPlan>;
export type OneReplicationJob = z.infer<typeof oneReplicationJob>;
export type OneCdpPolicy = z.infer<typeof oneCdpPolicy>;
export type OneSureBackupJob = z.infer<typeof oneSureBackupJob>;
export type ProtectedVm = z.infer<typeof protectedVm>;
export type ProtectedVmBackup = z.infer<typeof protectedVmBackup>;
export type VmBackupRestorePoint = z.infer<typeof vmBackupRestorePoint>;
export type VmReplicaRestorePoint = z.infer<typeof vmReplicaRestorePoint>;
export type ProtectedComputer = z.infer<typeof protectedComputer>;
export type ProtectedComputerBackup = z.infer<typeof protectedComputerBackup>;
export type ComputerBackupRestorePoint = z.infer<typeof computerBackupRestorePoint>;
export type TriggeredAlarm = z.infer<typeof triggeredAlarm>;
export type TriggeredChildAlarm = z.infer<typeof triggeredChildAlarm>;
export type AlarmTemplate = z.infer<typeof alarmTemplate>;
export type OneBackupServer = z.infer<typeof oneBackupServer>;
