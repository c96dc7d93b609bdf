/** Typed clients for Veeam Recovery Orchestrator (VRO) and Veeam Backup & Replication (VBR). */
export { createVroClient } from './vro/client.ts';
export type { VroClient, VroOptions } from './vro/client.ts';
export type { Accepted, ActionBodies, ActionName, ContinueOption, PlanActions } from './vro/actions.ts';
export type { Filter, Plans, PlansQuery } from './vro/plans.ts';
export type { CollectOptions, RuntimeDetails } from './vro/runtime-details.ts';
export { createVbrClient } from './vbr/client.ts';
export type { VbrClient, VbrOptions } from './vbr/client.ts';
export type {
  NewRecoveryToken,
  RecoveryTokenChange,
  RecoveryTokens,
  RecoveryTokensQuery,
} from './vbr/recovery-tokens.ts';
export { VEEAM_ERROR_CODES, VeeamError } from './errors.ts';
export type { Effect, VeeamErrorCode } from './errors.ts';
export type { CallOptions, CommandOptions } from './calls.ts';
export type { ConnectionOptions, Credentials, Limits, Timeouts } from './options.ts';
export type { Page } from './paging.ts';
export type {
  GroupRuntimeDetails,
  PlanRuntimeDetails,
  RecoveryPlan,
  RecoveryToken,
  RecoveryTokenPage,
  StepDetailRecord,
  StepRuntimeDetails,
  VmRuntimeDetails,
} from './types.ts';
