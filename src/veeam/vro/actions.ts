import type { CommandOptions } from '../calls.ts';
import { accepted, cloned } from './accepted.ts';
import type { Accepted, Cloned } from './accepted.ts';
import type { ScanOptions } from './scan-options.ts';
import type { VroCalls } from './vro-calls.ts';

/** What to do with the step, VM or group at which a plan halted. */
export type ContinueOption =
  | 'ProceedToNextVm'
  | 'ProceedToNextGroup'
  | 'ProceedToNextStep'
  | 'RetryFailedStep'
  | 'RetryFailedVm'
  | 'RetryFailedGroup';

/** The bodies of the actions, with the vendor's property names. Only the fields that are given are sent. */
export type ActionBodies = {
  enable: undefined;
  disable: undefined;
  /** `generateReport`: whether a report is made of the check. */
  readinessCheck: { readonly generateReport: boolean };
  /** For replica, CDP and storage plans. */
  failover: {
    /** Whether the plans scheduled after this one run as well. */
    readonly executeChainedPlans?: boolean;
    /** ISO date of the restore point; null or absent is the latest. */
    readonly restorePointDate?: string | null;
    readonly protectStorageVolumes?: boolean;
  };
  /** For restore and cloud plans. */
  restore: ScanOptions & {
    /** See `recoveryLocations`; the plan's own location when absent. */
    readonly restoreLocationId?: string;
    readonly executeChainedPlans?: boolean;
    /** As in `failover`; here the vendor writes the name with a small p. */
    readonly restorepointDate?: string | null;
    readonly protectStorageVolumes?: boolean;
  };
  /** `fullStop`: the plans scheduled after the halted one do not run either. */
  halt: { readonly fullStop: boolean };
  continuePlan: { readonly executionContinueOptions: ContinueOption };
  undo: undefined;
  /** Cannot be undone: the replicas become the production machines. */
  permanentFailover: undefined;
  /** `restoreLocationId` is required by the vendor's v3 page; clients of 7.21 are seen to leave it out. */
  failbackToProduction: { readonly restoreLocationId?: string; readonly failbackRestoreVMTags: boolean };
  /** A failback that stops before the switchover. The vendor documents no body: every field is a guess. */
  prepareToFailback: {
    readonly restoreLocationId?: string;
    readonly failbackRestoreVMTags?: boolean;
    /** Copies only the blocks that changed since the failover. */
    readonly quickRollback?: boolean;
  };
  /** The second half of `prepareToFailback`. */
  switchoverToProduction: undefined;
  commitFailback: undefined;
  /** The plan ends in its default state and disabled. */
  resetState: { readonly executeReadinessCheck: boolean };
  /** Clears the history of changes. `generateDrReport`: whether a report is made of it. */
  resetChangeLog: { readonly generateDrReport: boolean };
};

export type ActionName = keyof ActionBodies;

/** The vendor documents no body: both fields are a guess. */
export type CloneBody = { readonly name?: string; readonly description?: string };

/** The actions on a plan, each `(planId, body?, options?)`. */
export type PlanActions = {
  readonly [Name in ActionName]: ActionBodies[Name] extends undefined
    ? (planId: string, options?: CommandOptions) => Promise<Accepted>
    : (planId: string, body: ActionBodies[Name], options?: CommandOptions) => Promise<Accepted>;
} & {
  /** Copies a plan. */
  clone(planId: string, body: CloneBody, options?: CommandOptions): Promise<Cloned>;
};

export function planActions(calls: VroCalls): PlanActions {
  const send = (name: ActionName, planId: string, body: object | undefined, options?: CommandOptions) =>
    calls.command(name, { params: { planId }, body, result: accepted }, options);

  return {
    enable: (planId, options) => send('enable', planId, undefined, options),
    disable: (planId, options) => send('disable', planId, undefined, options),
    readinessCheck: (planId, body, options) => send('readinessCheck', planId, body, options),
    failover: (planId, body, options) => send('failover', planId, body, options),
    restore: (planId, body, options) => send('restore', planId, body, options),
    halt: (planId, body, options) => send('halt', planId, body, options),
    continuePlan: (planId, body, options) => send('continuePlan', planId, body, options),
    undo: (planId, options) => send('undo', planId, undefined, options),
    permanentFailover: (planId, options) => send('permanentFailover', planId, undefined, options),
    failbackToProduction: (planId, body, options) => send('failbackToProduction', planId, body, options),
    prepareToFailback: (planId, body, options) => send('prepareToFailback', planId, body, options),
    switchoverToProduction: (planId, options) => send('switchoverToProduction', planId, undefined, options),
    commitFailback: (planId, options) => send('commitFailback', planId, undefined, options),
    resetState: (planId, body, options) => send('resetState', planId, body, options),
    resetChangeLog: (planId, body, options) => send('resetChangeLog', planId, body, options),
    clone: (planId, body, options) =>
      calls.command('clone', { params: { planId }, body, result: cloned }, options),
  };
}
