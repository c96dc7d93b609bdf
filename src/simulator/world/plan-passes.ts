import type { PlanSpec } from '../scenario/plan-spec.ts';
import type { ExecutionReport, StepReport } from './executions.ts';
import type { Operation } from './operations.ts';
import type { Move } from './replica-moves.ts';
import type { SessionResult } from './sessions.ts';

/** What VRO has VBR do with a VM: a session for as long as the steps that move the VM run. */
export interface PassBegun {
  readonly kind: 'begun';
  /** The same for both ends of a pass, and of this pass only. */
  readonly key: string;
  readonly at: number;
  readonly vmName: string;
  /** Undefined for a restore, which moves no replica. */
  readonly move: Move | undefined;
  readonly expectedMs: number;
}
export interface PassEnded {
  readonly kind: 'ended';
  readonly key: string;
  readonly at: number;
  /** Undefined when the plan was halted between two of its steps: nothing was done then. */
  readonly result: SessionResult | undefined;
  readonly message: string;
}
export type PassEvent = PassBegun | PassEnded;

/** Finds out what VRO's plans have done to VMs since it was asked last. */
export interface PlanPasses {
  /** Everything new in these executions, in the order of time. */
  read(reports: readonly ExecutionReport[]): PassEvent[];
}

/** The operations of plans that move replicas. */
const PLAN_MOVES: Readonly<Partial<Record<Operation, Move>>> = {
  failover: 'failover',
  undoFailover: 'undoFailover',
  failback: 'failback',
  prepareToFailback: 'prepareFailback',
  switchover: 'switchToProduction',
  undoFailback: 'undoFailback',
  commitFailback: 'commitFailback',
  permanentFailover: 'permanentFailover',
};
/** The operations that run the steps of the VMs themselves. Of a restore plan, VBR has sessions that restore VMs. */
const RUNS: ReadonlySet<Operation> = new Set(['failover', 'restore']);

/** The step of a failover during which the replica starts. Where a VM has none, all its steps together do it. */
const PROCESSING = 'processreplicavm';
/** Steps whose length nobody has written down. */
const UNKNOWN_STEP_MS = 60_000;

/** What is known of an execution: it is remembered while it can go on. */
interface Known {
  readonly report: ExecutionReport;
  readonly vms: Map<string, KnownVm>;
}
interface KnownVm {
  /** How many tries of its steps have been dealt with. */
  handled: number;
  passes: number;
  open: OpenPass | undefined;
}
interface OpenPass {
  readonly key: string;
  /** The tries that have finished. */
  readonly tries: StepReport[];
}

/** Which steps of a VM move it: those up to the last one that does. */
interface Course {
  readonly positions: ReadonlyMap<string, number>;
  readonly last: number;
  readonly expectedMs: number;
}

export function createPlanPasses({ planOf }: { planOf: (id: string) => PlanSpec | undefined }): PlanPasses {
  const executions = new Map<string, Known>();
  return {
    read: (reports) => {
      const seen = new Set<string>();
      const events: PassEvent[] = [];
      for (const report of reports) {
        const plan = planOf(report.planId);
        const isRestore = plan?.planType === 'Restore';
        const move = isRestore ? undefined : PLAN_MOVES[report.operation];
        const isPass = isRestore ? RUNS.has(report.operation) : move !== undefined;
        if (plan === undefined || !isPass || plan.planType === 'Storage') continue;
        const key = `${report.planId}/${report.operation}/${report.startedAt}`;
        const vms = executions.get(key)?.vms ?? new Map<string, KnownVm>();
        executions.set(key, { report, vms });
        seen.add(key);
        readExecution({ key, report, plan, move, vms }, events);
      }
      for (const [key, { report }] of executions) {
        if (!seen.has(key) && report.status === 'completed') executions.delete(key);
      }
      return events.sort((a, b) => a.at - b.at);
    },
  };
}

function readExecution(
  {
    key,
    report,
    plan,
    move,
    vms,
  }: {
    key: string;
    report: ExecutionReport;
    plan: PlanSpec;
    move: Move | undefined;
    vms: Map<string, KnownVm>;
  },
  events: PassEvent[],
): void {
  for (const [vmName, steps] of groupedByVm(report.steps)) {
    const known = vms.get(vmName) ?? { handled: 0, passes: 0, open: undefined };
    vms.set(vmName, known);
    if (known.handled === steps.length && known.open === undefined) continue;
    const course = courseOf(plan, report.operation, vmName, steps);
    for (const step of steps.slice(known.handled)) {
      const position = positionOf(step, course);
      if (known.open !== undefined && wasHalted(known.open, step, course)) {
        events.push(haltedEnd(known.open));
        known.open = undefined;
      }
      if (position > course.last) {
        if (step.finishedAt !== undefined) known.handled += 1;
        continue;
      }
      if (known.open === undefined) {
        known.passes += 1;
        known.open = { key: `${key}/${vmName}/${known.passes}`, tries: [] };
        const { expectedMs } = course;
        events.push({ kind: 'begun', key: known.open.key, at: step.startedAt, vmName, move, expectedMs });
      }
      if (step.finishedAt === undefined) break;
      known.handled += 1;
      known.open.tries.push(step);
      if (position === course.last) {
        events.push(finishedEnd(known.open, step.finishedAt));
        known.open = undefined;
      }
    }
    if (report.status !== 'running' && known.open !== undefined && known.open.tries.length > 0) {
      events.push(haltedEnd(known.open));
      known.open = undefined;
    }
  }
}

function groupedByVm(steps: readonly StepReport[]): Map<string, StepReport[]> {
  const groups = new Map<string, StepReport[]>();
  for (const step of steps) {
    const group = groups.get(step.vmName);
    if (group === undefined) groups.set(step.vmName, [step]);
    else group.push(step);
  }
  return groups;
}

function courseOf(
  plan: PlanSpec,
  operation: Operation,
  vmName: string,
  steps: readonly StepReport[],
): Course {
  const spec = plan.groups.flatMap(({ vms }) => vms).find(({ name }) => name === vmName);
  const own = RUNS.has(operation) ? (spec?.steps ?? []) : [];
  const names = own.length > 0 ? own.map(({ name }) => name) : steps.map(({ stepName }) => stepName);
  const processing = own.findLastIndex(({ actionType }) => actionType.toLowerCase() === PROCESSING);
  const positions = new Map([...new Set(names)].map((name, index) => [name, index]));
  const last = processing === -1 ? positions.size - 1 : (positions.get(names[processing] ?? '') ?? 0);
  const expectedMs = own.slice(0, last + 1).reduce((sum, { seconds }) => sum + seconds * 1000, 0);
  return { positions, last, expectedMs: expectedMs === 0 ? UNKNOWN_STEP_MS : expectedMs };
}

/** A step that the plan does not name, as a scan, comes before the others. */
function positionOf({ stepName }: StepReport, { positions }: Course): number {
  return positions.get(stepName) ?? -1;
}

/** Steps of a VM follow at once; a pause, or a step that runs again, means that the plan halted in between. */
function wasHalted({ tries }: OpenPass, step: StepReport, course: Course): boolean {
  const last = tries.at(-1);
  if (last?.finishedAt === undefined) return false;
  const isAgain = step.stepName === last.stepName || positionOf(step, course) < positionOf(last, course);
  return isAgain || step.startedAt > last.finishedAt;
}

function haltedEnd({ key, tries }: OpenPass): PassEnded {
  const last = tries.at(-1);
  const hasFailed = last?.result === 'Error';
  return {
    kind: 'ended',
    key,
    at: last?.finishedAt ?? 0,
    result: hasFailed ? 'Failed' : undefined,
    message: hasFailed ? `Step "${last.stepName}" failed.` : 'The plan was halted.',
  };
}

/** The VM has come through; one that VRO counts as failed has failed here too. */
function finishedEnd({ key, tries }: OpenPass, at: number): PassEnded {
  const failed = tries.find(({ result }) => result === 'Error');
  if (failed !== undefined) {
    return { kind: 'ended', key, at, result: 'Failed', message: `Step "${failed.stepName}" failed.` };
  }
  const warned = tries.find(({ result }) => result === 'Warning');
  if (warned === undefined) return { kind: 'ended', key, at, result: 'Success', message: 'Success' };
  const message = `Step "${warned.stepName}" ended with a warning.`;
  return { kind: 'ended', key, at, result: 'Warning', message };
}
