import type { ScenarioSpec } from '../scenario.ts';
import { whyIllegal } from '../world/legality.ts';
import type {
  ExecutionProgress,
  GroupProgress,
  Progress,
  StepProgress,
  VmProgress,
} from '../world/progress.ts';
import { progressOf } from '../world/progress.ts';
import type { PlanNow } from '../world/situation.ts';
import { initially } from '../world/situation.ts';
import { describeStable, describeState, lastStableNameOf } from '../world/states.ts';
import type { Item } from './expressions.ts';
import { groupTraits, vmTraits } from './group-traits.ts';
import { locationOf, scopeOf } from './plan-info.ts';
import { resultNameOf } from './result-name.ts';

/** The execution RuntimeDetails still know of: none before the first, after a reset, and after a reboot. */
export function shownProgress({ spec, situation, now }: PlanNow): ExecutionProgress | undefined {
  const { execution, details } = situation;
  if (execution === undefined || execution.operation === 'reset' || details !== 'shown') return undefined;
  return progressOf(spec, execution, now);
}

function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}

export function remarksOf(progress: Progress | undefined): Item[] {
  return (progress?.remarks ?? []).map(({ message, isCritical, severity, at }) => ({
    friendlyInfo: message,
    level: isCritical ? 'Critical' : 'Normal',
    severity,
    timestamp: isoTime(at),
  }));
}

/** The fields a plan, group, VM and step have in common. */
function common({ id, name }: { id: string; name: string }, progress: Progress | undefined): Item {
  return {
    id,
    name,
    progress: progress?.percent ?? 0,
    executionState: progress?.state ?? 'NotStarted',
    executionResult: {
      result: progress?.result ?? 'Undefined',
      details: remarksOf(progress),
      startTime: isoTime(progress?.startedAt),
      finishTime: isoTime(progress?.finishedAt),
    },
  };
}

function countsOf({ counts }: Progress): Item {
  const { success, warning, error, total } = counts;
  return { successCount: success, warningCount: warning, errorCount: error, totalCount: total };
}

export function planDetails(plan: PlanNow, { vro }: ScenarioSpec, roles: readonly string[]): Item {
  const { spec } = plan;
  const progress = shownProgress(plan);
  // The nastiest thing a restarted Orchestrator could say: that the plan never ran.
  const situation = plan.situation.details === 'rewound' ? initially(spec) : plan.situation;
  const isForgotten = plan.situation.details !== 'shown';
  const { active, execution } = situation;
  return {
    ...describeState(situation),
    resultName: isForgotten ? '' : resultNameOf(plan),
    isEditingByCurrentUser: false,
    currentEditingUser: '',
    lastStableState: describeStable(situation).state,
    lastStableStateName: lastStableNameOf(situation),
    totalProgress: progress?.percent ?? 0,
    isRunningState: active,
    isStableState: !active,
    currentRunResult: isForgotten ? 'Undefined' : situation.runResult,
    currentTestResult: isForgotten ? 'Undefined' : situation.testResult,
    currentCheckResult: isForgotten ? 'Undefined' : situation.checkResult,
    planType: spec.planType,
    planMode: situation.mode,
    planVerificationState: situation.verification,
    recoveryLocationId: locationOf(plan, vro).id,
    siteScopeId: spec.scopeId,
    siteScopeName: scopeOf(spec, vro).name,
    recoveryToNewLocation: situation.restoredTo !== undefined,
    roles,
    isUndoPossible: execution !== undefined && whyIllegal(spec, situation, 'Undo') === undefined,
    isReversePossible: false,
    vendor: spec.vendor,
    ...common(spec, progress),
  };
}

export function groupDetails(progress: GroupProgress, plan: PlanNow, scenario: ScenarioSpec): Item {
  const { group } = progress;
  return {
    ...countsOf(progress),
    ...groupTraits(group, plan.spec, scenario),
    ...common(group, progress),
  };
}

export function vmDetails(progress: VmProgress): Item {
  const { vm, number } = progress;
  return { ...vmTraits(vm, number), ...countsOf(progress), ...common(vm, progress) };
}

export function stepDetails(progress: StepProgress): Item {
  const { step } = progress;
  return {
    actionType: step.actionType,
    hidden: false,
    stepDefinitionUid: step.id,
    ...common(step, progress),
  };
}
