import { positionOf, type PlanPosition } from '../../src/catalog/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { PlanRuntimeDetails, RecoveryPlan } from '../../src/veeam/index.ts';
import type { VroConnection } from '../deps.ts';
import { StepError } from '../step-error.ts';

/** How a plan stands, by one look at both places where VRO tells: the plan, and the details of its execution. */
export interface PlanView {
  readonly id: string;
  readonly name: string;
  readonly planType: string;
  readonly mode: string;
  readonly state: string;
  readonly stateName: string;
  readonly verification: string;
  readonly resultName: string;
  readonly position: PlanPosition;
  /** Whether the details know of any execution: a reboot of the Orchestrator empties or rewinds them. */
  readonly detailsKnown: boolean;
  readonly startTime: string | null;
  readonly finishTime: string | null;
  readonly runResult: string;
  readonly checkResult: string;
  readonly testResult: string;
  /** Percent. */
  readonly progress: number;
}

/** What a watch compares with: the plan right before a command. It travels as JSON. */
export interface Baseline {
  readonly position: PlanPosition;
  readonly state: string;
  readonly mode: string;
  readonly startTime: string | null;
  readonly finishTime: string | null;
}

/** Finds a plan by name or id. @throws StepError `vro.planNotFound`, or what the server says */
export async function findPlan(
  { client, name }: VroConnection,
  nameOrId: string,
  signal?: AbortSignal,
): Promise<RecoveryPlan> {
  try {
    return await client.findPlan(nameOrId, { ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'veeam.notFound') {
      throw new StepError(
        'vro.planNotFound',
        `${name} has no plan "${nameOrId.slice(0, 100)}" that this account may see. Check the spelling (letter case counts) and the scope of the account.`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** Looks at a plan. @throws VeeamError */
export async function viewPlan(
  { client, states }: VroConnection,
  id: string,
  signal?: AbortSignal,
): Promise<PlanView> {
  const options = signal === undefined ? {} : { signal };
  const [plan, details] = await Promise.all([
    client.plan(id, options),
    client.runtimeDetails.plan(id, options),
  ]);
  return merge(plan, details, states);
}

function merge(plan: RecoveryPlan, details: PlanRuntimeDetails, states: VroConnection['states']): PlanView {
  const startTime = details.executionResult?.startTime ?? null;
  // Details without any execution may be those of a rebooted Orchestrator: the plan itself knows better.
  const detailsKnown = startTime !== null;
  const state = (detailsKnown ? details.state : plan.state) ?? details.state;
  return {
    id: plan.id,
    name: plan.name,
    planType: plan.planType ?? 'Unknown',
    mode: plan.planMode ?? details.planMode ?? 'Unknown',
    state,
    stateName: (detailsKnown ? details.stateName : plan.stateName) ?? state,
    verification: plan.planVerificationState ?? 'Unknown',
    resultName: (detailsKnown ? details.resultName : plan.resultName) ?? '',
    // That something runs is believed in any case; that nothing does, only of details that know the execution.
    position:
      detailsKnown || details.isRunningState ? positionOf(details, states) : positionOf({ state }, states),
    detailsKnown,
    startTime,
    finishTime: details.executionResult?.finishTime ?? null,
    runResult: (detailsKnown ? details.currentRunResult : undefined) ?? 'Undefined',
    checkResult: details.currentCheckResult ?? plan.currentCheckResult ?? 'Undefined',
    testResult: details.currentTestResult ?? plan.currentTestResult ?? 'Undefined',
    progress: details.totalProgress ?? details.progress ?? 0,
  };
}

/** The part of a view that a watch compares with. */
export function baselineOf({ position, state, mode, startTime, finishTime }: PlanView): JsonObject {
  return { position, state, mode, startTime, finishTime } satisfies Baseline;
}

/**
 * Whether an execution has begun since `baseline` was taken: by the server's own times, or since the plan now stands
 * somewhere else. Emptied details say nothing, so by them only the plan's place counts.
 */
export function hasMoved(baseline: JsonObject, now: PlanView): boolean {
  const later = (time: string | null, before: unknown): boolean =>
    time !== null && (typeof before !== 'string' || Date.parse(time) > Date.parse(before));
  const places = now.position !== 'unknown' && now.position !== baseline['position'];
  if (!now.detailsKnown) return places;
  return (
    places || later(now.startTime, baseline['startTime']) || later(now.finishTime, baseline['finishTime'])
  );
}

/** A plan that VRO itself works on (its nightly check, somebody editing), going by the documented state names. */
export function isForeignWork({ position, stateName }: Pick<PlanView, 'position' | 'stateName'>): boolean {
  return position === 'active' && /check|test|scan|creat|edit|sav|delet/i.test(stateName);
}
