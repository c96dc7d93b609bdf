import { stableId } from '../ids.ts';
import type { PlanSpec } from '../scenario.ts';

/** What a plan can be busy with. `reset` has no steps: it only takes its time. */
export type Operation =
  'check' | 'failover' | 'undoFailover' | 'failback' | 'undoFailback' | 'commitFailback' | 'reset';

export type Result = 'Undefined' | 'Success' | 'Warning' | 'Error';

/** Something that will go wrong in a coming step. */
export type Trouble =
  | Readonly<{
      kind: 'fail';
      id: string;
      during: Operation;
      vm: string;
      /** Name or id; the VM's first step when absent. */
      step: string | undefined;
      /** Whether the plan halts; as the scenario says when absent. */
      critical: boolean | undefined;
      message: string;
      left: number;
    }>
  | Readonly<{ kind: 'warn'; id: string; during: Operation; message: string; left: number }>;

/** One step of an operation, in the order in which they run. */
export interface PlannedStep {
  readonly id: string;
  readonly name: string;
  readonly actionType: string;
  readonly seconds: number;
  /** The plan halts when it fails: a critical step of a critical VM. */
  readonly isCritical: boolean;
  readonly group: number;
  readonly vm: number;
  readonly vmId: string;
  readonly vmName: string;
}

/** One try of one step. It may lie in the future: a plan's course is known until somebody interferes. */
export interface Attempt {
  readonly step: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly result: 'Success' | 'Warning' | 'Error';
  readonly message: string;
  readonly trouble: string | undefined;
}

/** How an operation ends if nobody interferes. `step` is the one that failed, or the next one when halted by hand. */
export type End =
  | Readonly<{ kind: 'completed'; at: number }>
  | Readonly<{ kind: 'halted'; at: number; step: number; failed: boolean }>;

export interface Course {
  readonly attempts: readonly Attempt[];
  readonly end: End;
}

/** One run of an operation: its steps, and its course so far and to come. */
export interface Execution extends Course {
  readonly operation: Operation;
  readonly steps: readonly PlannedStep[];
  readonly startedAt: number;
  readonly haltRequested: boolean;
}

/** Only these stop at a failed critical step; an undo goes on whatever fails. */
const HALTING: ReadonlySet<Operation> = new Set(['failover', 'failback']);

type DerivedOperation = Exclude<Operation, 'failover' | 'reset'>;

/** Everything but a failover does one thing per VM, which shares the operation's duration. */
const DERIVED: Readonly<
  Record<DerivedOperation, { name: string; actionType: string; duration: keyof PlanSpec['durations'] }>
> = {
  check: { name: 'Check license and availability', actionType: 'CheckVmLicense', duration: 'check' },
  undoFailover: { name: 'Undo replica failover', actionType: 'UndoFailover', duration: 'undo' },
  failback: { name: 'Fail back to source VM', actionType: 'Failback', duration: 'failback' },
  undoFailback: { name: 'Undo replica failback', actionType: 'UndoFailback', duration: 'undo' },
  commitFailback: {
    name: 'Commit replica failback',
    actionType: 'CommitFailback',
    duration: 'commitFailback',
  },
};

/** The steps of an operation on a plan: groups, VMs and steps run one after the other. */
export function stepsOf(plan: PlanSpec, operation: Operation): PlannedStep[] {
  if (operation === 'reset') return [];
  const vms = plan.groups.flatMap((group, groupIndex) => group.vms.map((vm) => ({ vm, groupIndex })));
  return vms.flatMap(({ vm, groupIndex }, vmIndex) => {
    const place = { group: groupIndex, vm: vmIndex, vmId: vm.id, vmName: vm.name };
    if (operation === 'failover') {
      return vm.steps.map((step) => ({ ...step, ...place, isCritical: step.isCritical && vm.isCritical }));
    }
    const { name, actionType, duration } = DERIVED[operation];
    const id = stableId(`${vm.id}/${operation}`);
    return [
      { ...place, id, name, actionType, seconds: plan.durations[duration] / vms.length, isCritical: false },
    ];
  });
}

function isMeant(trouble: Trouble, steps: readonly PlannedStep[], index: number): boolean {
  if (trouble.kind === 'warn') return index === steps.length - 1;
  const step = steps[index];
  if (step === undefined || (trouble.vm !== step.vmName && trouble.vm !== step.vmId)) return false;
  return trouble.step === undefined
    ? steps[index - 1]?.vm !== step.vm
    : trouble.step === step.name || trouble.step === step.id;
}

/** How often a trouble has struck in these attempts. */
export function timesStruck(trouble: Trouble, attempts: readonly Attempt[]): number {
  return attempts.filter((attempt) => attempt.trouble === trouble.id).length;
}

/**
 * The course of an operation that goes on at `at` with the step `first`, after the attempts made `before`: up to its
 * end, or up to the first failure that halts it.
 */
export function playFrom({
  operation,
  steps,
  before,
  first,
  at,
  troubles,
}: {
  operation: Operation;
  steps: readonly PlannedStep[];
  before: readonly Attempt[];
  first: number;
  at: number;
  troubles: readonly Trouble[];
}): Course {
  const attempts = [...before];
  let now = at;
  for (const [index, step] of steps.entries()) {
    if (index < first) continue;
    const trouble = troubles.find(
      (one) =>
        one.during === operation && isMeant(one, steps, index) && one.left > timesStruck(one, attempts),
    );
    const startedAt = now;
    now += Math.round(step.seconds * 1000);
    attempts.push({
      step: index,
      startedAt,
      finishedAt: now,
      result: trouble === undefined ? 'Success' : trouble.kind === 'fail' ? 'Error' : 'Warning',
      message: `[${step.name}] ${trouble?.message ?? 'The step is complete'}`,
      trouble: trouble?.id,
    });
    if (trouble?.kind === 'fail' && HALTING.has(operation) && (trouble.critical ?? step.isCritical)) {
      return { attempts, end: { kind: 'halted', at: now, step: index, failed: true } };
    }
  }
  return { attempts, end: { kind: 'completed', at: now } };
}

/** The last try of every step that has begun by `now`. */
export function latestAttempts(attempts: readonly Attempt[], now: number): Map<number, Attempt> {
  return new Map(
    attempts.filter((attempt) => attempt.startedAt <= now).map((attempt) => [attempt.step, attempt]),
  );
}

/** The worst result of these. */
export function worst(results: readonly Result[]): Result {
  const order: readonly Result[] = ['Error', 'Warning', 'Success'];
  return order.find((result) => results.includes(result)) ?? 'Undefined';
}

/** What an execution amounts to at `now`: the worst last try of its steps. */
export function resultAt(execution: Execution, now: number): Result {
  const finished = [...latestAttempts(execution.attempts, now).values()].filter(
    (attempt) => attempt.finishedAt <= now,
  );
  return worst(finished.map((attempt) => attempt.result));
}
