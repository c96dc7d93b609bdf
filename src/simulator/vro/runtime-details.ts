import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../context.ts';
import { SimulatorError } from '../errors.ts';
import type { ScenarioSpec } from '../scenario.ts';
import type {
  ExecutionProgress,
  GroupProgress,
  Progress,
  StepProgress,
  VmProgress,
} from '../world/progress.ts';
import { progressOf } from '../world/progress.ts';
import { describeStable, describeState } from '../world/states.ts';
import { initially } from '../world/plan.ts';
import type { PlanNow } from '../world/world.ts';
import { pageOf } from './query.ts';
import { resultNameOf } from './result-name.ts';

type Json = Readonly<Record<string, unknown>>;

/** The execution RuntimeDetails still know of: none before the first, after a reset, and after a reboot. */
function shownProgress({ spec, situation, now }: PlanNow): ExecutionProgress | undefined {
  const { execution, details } = situation;
  if (execution === undefined || execution.operation === 'reset' || details !== 'shown') return undefined;
  return progressOf(spec, execution, now);
}

function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}

function remarksOf(progress: Progress | undefined): Json[] {
  return (progress?.remarks ?? []).map(({ message, isCritical, severity, at }) => ({
    friendlyInfo: message,
    level: isCritical ? 'Critical' : 'Normal',
    severity,
    timestamp: isoTime(at),
  }));
}

/** The fields a plan, group, VM and step have in common. */
function common({ id, name }: { id: string; name: string }, progress: Progress | undefined): Json {
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

function countsOf({ counts }: Progress): Json {
  const { success, warning, error, total } = counts;
  return { successCount: success, warningCount: warning, errorCount: error, totalCount: total };
}

function planDetails(plan: PlanNow, { vro }: ScenarioSpec): Json {
  const { spec } = plan;
  const progress = shownProgress(plan);
  // The nastiest thing a restarted Orchestrator could say: that the plan never ran.
  const situation = plan.situation.details === 'rewound' ? initially(spec) : plan.situation;
  const stable = describeStable(situation);
  const isForgotten = plan.situation.details !== 'shown';
  const { active, execution } = situation;
  return {
    ...describeState(situation),
    resultName: isForgotten ? '' : resultNameOf(plan),
    isEditingByCurrentUser: false,
    currentEditingUser: '',
    lastStableState: stable.state,
    lastStableStateName: stable.stateName,
    totalProgress: progress?.percent ?? 0,
    isRunningState: active,
    isStableState: !active,
    currentRunResult: isForgotten ? 'Undefined' : situation.runResult,
    currentTestResult: 'Undefined',
    currentCheckResult: isForgotten ? 'Undefined' : situation.checkResult,
    planType: spec.planType,
    planMode: situation.mode,
    planVerificationState: situation.verification,
    recoveryLocationId: vro.recoveryLocation.id,
    siteScopeId: vro.scope.id,
    siteScopeName: vro.scope.name,
    recoveryToNewLocation: false,
    roles: ['DRSiteAdmin', 'DRPlanAuthor', 'DRPlanOperator'],
    isUndoPossible:
      !active &&
      execution !== undefined &&
      ['FailoverComplete', 'FailbackComplete', 'Halted'].includes(situation.stable),
    isReversePossible: false,
    vendor: 'Unknown',
    ...common(spec, progress),
  };
}

function groupDetails(progress: GroupProgress, plan: PlanNow, { name }: ScenarioSpec): Json {
  const { group } = progress;
  const critical = group.vms.filter((vm) => vm.isCritical).length;
  return {
    groupType: 'VmGroup',
    ...countsOf(progress),
    isProtected: false,
    isParallel: false,
    parallelProcessingVmsCount: 1,
    vmsCriticality:
      critical === 0 ? 'AllNotCritical' : critical === group.vms.length ? 'AllCritical' : 'SomeCritical',
    vcenter: `vcenter.${name}.example`,
    datacenter: 'Recovery',
    virtualGroupType: 'Normal',
    groupCategory: 'Tag',
    executionType: plan.spec.planType,
    ...common(group, progress),
  };
}

function vmDetails(progress: VmProgress): Json {
  const { vm, number } = progress;
  return {
    voId: 500 + number,
    isCritical: vm.isCritical,
    ...countsOf(progress),
    number,
    isWebConsoleAvailable: false,
    sourceMissing: false,
    ...common(vm, progress),
  };
}

function stepDetails(progress: StepProgress): Json {
  const { step } = progress;
  return {
    actionType: step.actionType,
    hidden: false,
    stepDefinitionUid: step.id,
    ...common(step, progress),
  };
}

interface PlanParams {
  planId: string;
}

/** The six RuntimeDetails endpoints. */
export function addRuntimeDetailsRoutes(app: FastifyInstance, { world }: ServerContext): void {
  const { scenario } = world;
  const base = '/RuntimeDetails/Plans/:planId';

  app.get<{ Params: PlanParams }>(base, async ({ params }) =>
    planDetails(world.plan(params.planId), scenario),
  );

  app.get<{ Params: PlanParams }>(`${base}/Groups`, async ({ params, query }) => {
    const plan = world.plan(params.planId);
    const groups = shownProgress(plan)?.groups ?? [];
    return pageOf(
      groups.map((group) => groupDetails(group, plan, scenario)),
      query,
    );
  });

  app.get<{ Params: PlanParams & { groupId: string } }>(
    `${base}/Groups/:groupId`,
    async ({ params, query }) => {
      const plan = world.plan(params.planId);
      requireKnown('group', params.groupId, plan.spec.groups);
      const group = shownProgress(plan)?.groups.find((one) => isSame(one.group.id, params.groupId));
      return pageOf((group?.vms ?? []).map(vmDetails), query);
    },
  );

  // The groups of the scenarios are inventory groups; steps of their own have only virtual groups.
  app.get<{ Params: PlanParams & { groupId: string } }>(
    `${base}/Groups/:groupId/Steps`,
    async ({ params, query }) => {
      requireKnown('group', params.groupId, world.plan(params.planId).spec.groups);
      return pageOf([], query);
    },
  );

  app.get<{ Params: PlanParams & { vmId: string } }>(`${base}/Vms/:vmId/Steps`, async ({ params, query }) => {
    const plan = world.plan(params.planId);
    requireKnown(
      'VM',
      params.vmId,
      plan.spec.groups.flatMap((group) => group.vms),
    );
    const vm = shownProgress(plan)
      ?.groups.flatMap((group) => group.vms)
      .find((one) => isSame(one.vm.id, params.vmId));
    return pageOf((vm?.steps ?? []).map(stepDetails), query);
  });

  app.get<{ Params: PlanParams & { stepId: string } }>(`${base}/Steps/:stepId`, async ({ params, query }) => {
    const progress = shownProgress(world.plan(params.planId));
    const steps = progress?.groups.flatMap((group) => group.vms.flatMap((vm) => vm.steps));
    if (steps === undefined) return pageOf([], query);
    requireKnown(
      'step',
      params.stepId,
      steps.map((one) => one.step),
    );
    return pageOf(remarksOf(steps.find((one) => isSame(one.step.id, params.stepId))), query);
  });
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function requireKnown(kind: string, id: string, known: readonly { id: string }[]): void {
  if (known.some((one) => isSame(one.id, id))) return;
  throw new SimulatorError('UNKNOWN_RUNTIME_ITEM', `The plan has no ${kind} ${id}.`);
}
