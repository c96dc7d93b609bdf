/** Typed clients for Veeam Recovery Orchestrator (VRO), Veeam Backup & Replication (VBR) and Veeam ONE. */
export { createVroClient } from './vro/client.ts';
export type { VroClient, VroOptions } from './vro/client.ts';
export type { ActionBodies, ActionName, CloneBody, ContinueOption, PlanActions } from './vro/actions.ts';
export type { Accepted, Cloned } from './vro/accepted.ts';
export type { ScanOptions } from './vro/scan-options.ts';
export type { SaveRunAfterBody, SaveTimeBody, Schedule } from './vro/schedule.ts';
export type { CollectPlansOptions, Plans, PlansQuery } from './vro/plans.ts';
export type { PlanContents } from './vro/plan-contents.ts';
export type { RuntimeDetails } from './vro/runtime-details.ts';
export type { RecoveryLocations } from './vro/recovery-locations.ts';
export type { Scopes } from './vro/scopes.ts';
export type { LicensePath, LicenseUsages } from './vro/license-usage.ts';
export type { Clients, NewClient } from './vro/clients.ts';
export type { GenerateCodeOptions, Mfa } from './vro/mfa.ts';
export type { VroCollectOptions } from './vro/vro-calls.ts';
export type { CollectOptions } from './operation-calls.ts';
export { vroSelection } from './vro/query.ts';
export type { Filter, FilterValue, VroSelection, VroSelectionBuilder, VroSort } from './vro/query.ts';
export { VRO_API_VERSIONS } from './vro/versions.ts';
export type { VroApiVersion } from './vro/versions.ts';
export { VRO_OPERATIONS } from './vro/operations.ts';
export type { VroVerb } from './vro/operations.ts';
export { createVbrClient } from './vbr/client.ts';
export type { VbrClient, VbrOptions } from './vbr/client.ts';
export type { AuthorizationCode } from './vbr/authorization-code.ts';
export type { VbrCollection, VbrPage, VbrPaging } from './vbr/collection.ts';
export type { Failback, ReplicaPointIds } from './vbr/failback.ts';
export type { FailbackMode, FailbackSpec, FailbackTarget, InventoryObject } from './vbr/failback-spec.ts';
export type { Failover, FailoverSpec } from './vbr/failover.ts';
export { VBR_API_VERSIONS, VBR_OPERATIONS } from './vbr/operations.ts';
export type {
  NewRecoveryToken,
  RecoveryTokenChange,
  RecoveryTokens,
  RecoveryTokensQuery,
} from './vbr/recovery-tokens.ts';
export type { ReplicaFilters, ReplicaPointFilters, ReplicaPoints, Replicas } from './vbr/replicas.ts';
export { isSessionFinished } from './vbr/sessions.ts';
export type { SessionFilters, Sessions, TaskSessionFilters, TaskSessions } from './vbr/sessions.ts';
export type {
  Replica,
  ReplicaPoint,
  VbrServerInfo,
  VbrServerTime,
  VbrSession,
  VbrSessionLog,
  VbrTaskSession,
} from './vbr/types.ts';
export { createOneClient } from './one/client.ts';
export type { OneClient, OneOptions } from './one/client.ts';
export type { About } from './one/about.ts';
export type { Alarms, ChildResolution, Resolution } from './one/alarms.ts';
export type { OneApiVersion } from './one/calls.ts';
export type { OneCollection, OneId, OneObjects } from './one/collection.ts';
export type { DataCollection, ScheduleChange } from './one/data-collection.ts';
export { ONE_API_VERSIONS, ONE_OPERATIONS } from './one/operations.ts';
export type { ProtectedComputers, ProtectedVms } from './one/protected-data.ts';
export { oneQuery, oneQueryOf } from './one/query.ts';
export type {
  OneCollation,
  OneConditions,
  OneField,
  OneFilter,
  OneFilterValue,
  OneProperty,
  OneQuery,
  OneQueryBuilder,
  OneSelection,
  OneSort,
} from './one/query.ts';
export type { OneSessions } from './one/sessions.ts';
export type {
  AlarmTemplate,
  ComputerBackupRestorePoint,
  OneAsyncTask,
  OneBackupServer,
  OneCdpPolicy,
  OneCollectionStatus,
  OneCollectionTask,
  OneFailoverPlan,
  OneInstallation,
  OneReplicationJob,
  OneSchedule,
  OneServer,
  OneSession,
  OneSessionRecord,
  OneSureBackupJob,
  OneUpdater,
  ProtectedComputer,
  ProtectedComputerBackup,
  ProtectedVm,
  ProtectedVmBackup,
  TriggeredAlarm,
  TriggeredChildAlarm,
  VmBackupRestorePoint,
  VmReplicaRestorePoint,
} from './one/types.ts';
export type { VbrObjects } from './one/vbr-objects.ts';
export { VEEAM_ERROR_CODES, VeeamError } from './errors.ts';
export type { Effect, VeeamErrorCode } from './errors.ts';
export type { CallOptions, CommandOptions } from './calls.ts';
export type { Confidence, Operation } from './operation.ts';
export type {
  AuthorizationCodeCredentials,
  ClientCredentials,
  ConnectionOptions,
  Credentials,
  Limits,
  PasswordCredentials,
  ProxyOptions,
  Secret,
  Timeouts,
  TlsOptions,
  VbrCredentials,
  VbrTokenCredentials,
} from './options.ts';
export { probeServer } from './probe.ts';
export type { ProbeStep, ServerProbe } from './probe.ts';
export type { ProbedCertificate, ProbeStepName } from './probe-steps.ts';
export type { Session } from './caller.ts';
export type { Page } from './paging.ts';
export type {
  GroupRuntimeDetails,
  LicenseUsage,
  MfaSecret,
  PlanGroup,
  PlanRuntimeDetails,
  PlanStep,
  PlanVm,
  RecoveryLocation,
  RecoveryPlan,
  RecoveryToken,
  RecoveryTokenPage,
  StepDetailRecord,
  StepParameter,
  StepRuntimeDetails,
  VmRuntimeDetails,
  VroScope,
  YaraRule,
} from './types.ts';
