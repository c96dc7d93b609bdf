import type { Caller } from '../caller.ts';
import type { CommandOptions, Route } from '../calls.ts';
import type { HttpAnswer } from '../transport.ts';

/** What to do with the step, VM or group at which a plan halted. */
export type ContinueOption =
  | 'ProceedToNextVm'
  | 'ProceedToNextGroup'
  | 'ProceedToNextStep'
  | 'RetryFailedStep'
  | 'RetryFailedVm'
  | 'RetryFailedGroup';

/** The bodies of the actions, with the vendor's property names. */
export type ActionBodies = {
  enable: undefined;
  disable: undefined;
  /** `generateReport`: whether a report is made of the check. */
  readinessCheck: { readonly generateReport: boolean };
  failover: {
    /** Whether the plans scheduled after this one run as well. */
    readonly executeChainedPlans?: boolean;
    /** ISO date of the restore point; null or absent is the latest. */
    readonly restorePointDate?: string | null;
    readonly protectStorageVolumes?: boolean;
  };
  /** `fullStop`: the plans scheduled after the halted one do not run either. */
  halt: { readonly fullStop: boolean };
  continuePlan: { readonly executionContinueOptions: ContinueOption };
  undo: undefined;
  /** `restoreLocationId` is required by the vendor's v3 page; clients of 7.21 are seen to leave it out. */
  failbackToProduction: { readonly restoreLocationId?: string; readonly failbackRestoreVMTags: boolean };
  commitFailback: undefined;
  /** The plan ends in its default state and disabled. */
  resetState: { readonly executeReadinessCheck: boolean };
};

export type ActionName = keyof ActionBodies;

const ACTIONS: Readonly<Record<ActionName, Route<'POST'>>> = {
  enable: 'POST /Plans/{planId}/Enable',
  disable: 'POST /Plans/{planId}/Disable',
  readinessCheck: 'POST /Plans/{planId}/ReadinessCheck',
  failover: 'POST /Plans/{planId}/Failover',
  halt: 'POST /Plans/{planId}/Halt',
  continuePlan: 'POST /Plans/{planId}/Continue',
  undo: 'POST /Plans/{planId}/Undo',
  failbackToProduction: 'POST /Plans/{planId}/FailbackToProduction',
  commitFailback: 'POST /Plans/{planId}/CommitFailback',
  resetState: 'POST /Plans/{planId}/ResetState',
};

/**
 * The server took the request. Nothing more: actions are asynchronous and name no task, so watch
 * `runtimeDetails.plan`. `success` is the vendor's own word, where the body carries one.
 */
export type Accepted = { readonly status: number; readonly success?: boolean };

/** The actions on a plan, each `(planId, body?, options?)`. */
export type PlanActions = {
  readonly [Name in ActionName]: ActionBodies[Name] extends undefined
    ? (planId: string, options?: CommandOptions) => Promise<Accepted>
    : (planId: string, body: ActionBodies[Name], options?: CommandOptions) => Promise<Accepted>;
};

export function planActions(caller: Caller): PlanActions {
  const send = (name: ActionName, planId: string, body: object | undefined, options?: CommandOptions) =>
    caller.command({ call: ACTIONS[name], params: { planId }, body, result: accepted }, options);

  return {
    enable: (planId, options) => send('enable', planId, undefined, options),
    disable: (planId, options) => send('disable', planId, undefined, options),
    readinessCheck: (planId, body, options) => send('readinessCheck', planId, body, options),
    failover: (planId, body, options) => send('failover', planId, body, options),
    halt: (planId, body, options) => send('halt', planId, body, options),
    continuePlan: (planId, body, options) => send('continuePlan', planId, body, options),
    undo: (planId, options) => send('undo', planId, undefined, options),
    failbackToProduction: (planId, body, options) => send('failbackToProduction', planId, body, options),
    commitFailback: (planId, options) => send('commitFailback', planId, undefined, options),
    resetState: (planId, body, options) => send('resetState', planId, body, options),
  };
}

/** Any 2xx is an acceptance, whatever the body: versions answer with nothing, with text or with a wrapper. */
function accepted({ status, text }: HttpAnswer): Accepted {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'success' in body && typeof body.success === 'boolean') {
      return { status, success: body.success };
    }
  } catch {
    // No JSON: accepted all the same.
  }
  return { status };
}
