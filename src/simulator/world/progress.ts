import type { GroupSpec, PlanSpec, VmSpec } from '../scenario/plan-spec.ts';
import type { PlannedStep } from './planned-steps.ts';
import type { Attempt, Execution, Result } from './timeline.ts';
import { latestAttempts, worst } from './timeline.ts';

export type ExecutionState = 'NotStarted' | 'Running' | 'Completed' | 'Halted';

/** One line of what happened. */
export interface Remark {
  readonly message: string;
  readonly isCritical: boolean;
  readonly severity: Exclude<Result, 'Undefined'>;
  readonly at: number;
}

/** How far something is. Times are simulated milliseconds; `finishedAt` is absent while it runs or is halted. */
export interface Progress {
  readonly state: ExecutionState;
  /** Whole percent. */
  readonly percent: number;
  readonly result: Result;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  readonly remarks: readonly Remark[];
  readonly counts: Readonly<{ success: number; warning: number; error: number; total: number }>;
}

export interface StepProgress extends Progress {
  readonly step: PlannedStep;
}
export interface VmProgress extends Progress {
  readonly vm: VmSpec;
  /** Position in the plan, from 1. */
  readonly number: number;
  readonly steps: readonly StepProgress[];
}
export interface GroupProgress extends Progress {
  readonly group: GroupSpec;
  readonly vms: readonly VmProgress[];
  /** Of a virtual group. */
  readonly steps: readonly StepProgress[];
}
export interface ExecutionProgress extends Progress {
  readonly groups: readonly GroupProgress[];
}

function countsOf(results: readonly Result[]): Progress['counts'] {
  const counts = { success: 0, warning: 0, error: 0, total: results.length };
  for (const result of results) {
    if (result === 'Success') counts.success += 1;
    else if (result === 'Warning') counts.warning += 1;
    else if (result === 'Error') counts.error += 1;
  }
  return counts;
}

/** Steps that change no more, by what they were made of: a plan of thousands of machines is looked at often. */
const finishedSteps = new WeakMap<Attempt, StepProgress>();
const untouchedSteps = new WeakMap<PlannedStep, StepProgress>();

function stepProgress(step: PlannedStep, attempt: Attempt | undefined, now: number): StepProgress {
  if (attempt === undefined) return remembered(untouchedSteps, step, () => untouched(step));
  if (attempt.finishedAt <= now) return remembered(finishedSteps, attempt, () => finished(step, attempt));
  const fraction = (now - attempt.startedAt) / (attempt.finishedAt - attempt.startedAt);
  return {
    ...untouched(step),
    state: 'Running',
    percent: Math.floor(fraction * 100),
    startedAt: attempt.startedAt,
  };
}

function remembered<K extends object, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const value = make();
  known.set(key, value);
  return value;
}

function untouched(step: PlannedStep): StepProgress {
  return {
    step,
    state: 'NotStarted',
    percent: 0,
    result: 'Undefined',
    startedAt: undefined,
    finishedAt: undefined,
    remarks: [],
    counts: countsOf(['Undefined']),
  };
}

function finished(step: PlannedStep, attempt: Attempt): StepProgress {
  const { message, isCritical, severity, result, startedAt, finishedAt } = attempt;
  return {
    step,
    state: 'Completed',
    percent: 100,
    result,
    startedAt,
    finishedAt,
    remarks: [{ message, isCritical, severity, at: finishedAt }],
    counts: countsOf([result]),
  };
}

/** Where an operation is: the step it is at, the one it halted at, and whether it is over. */
interface Position {
  readonly here: number;
  readonly haltedAt: number | undefined;
  readonly over: boolean;
}

/** What a number of steps amounts to, `first` being the place of the first among all. */
function summary(
  steps: readonly StepProgress[],
  first: number,
  { here, haltedAt, over }: Position,
): Omit<Progress, 'counts'> {
  let startedAt: number | undefined;
  let finishedAt: number | undefined;
  let total = 0;
  let done = 0;
  let running = 0;
  let completed = 0;
  for (const one of steps) {
    total += one.step.seconds;
    done += one.step.seconds * one.percent;
    if (one.state === 'Running') running += 1;
    if (one.state === 'Completed') completed += 1;
    if (one.startedAt !== undefined) startedAt = Math.min(startedAt ?? Infinity, one.startedAt);
    if (one.finishedAt !== undefined) finishedAt = Math.max(finishedAt ?? 0, one.finishedAt);
  }
  const end = first + steps.length;
  const isHalted = haltedAt !== undefined && haltedAt >= first && haltedAt < end;
  const isPassed = (over || here >= end) && running === 0;
  const state: ExecutionState =
    startedAt === undefined
      ? 'NotStarted'
      : isHalted
        ? 'Halted'
        : completed === steps.length || isPassed
          ? 'Completed'
          : 'Running';
  const soFar = worst(steps.map((step) => step.result));
  return {
    state,
    percent: state === 'Completed' ? 100 : total === 0 ? 0 : Math.floor(done / total),
    result: state === 'Running' && soFar === 'Success' ? 'Undefined' : soFar,
    startedAt,
    finishedAt: state === 'Completed' ? finishedAt : undefined,
    remarks: troublesIn(steps),
  };
}

/** What went wrong in these steps, saying where. */
function troublesIn(steps: readonly StepProgress[]): Remark[] {
  const found: Remark[] = [];
  for (const { step, result, remarks } of steps) {
    if (result === 'Undefined' || result === 'Success') continue;
    for (const remark of remarks) found.push({ ...remark, message: `${step.vmName}: ${remark.message}` });
  }
  return found;
}

/** The last look at each execution: what has ended does not change any more. */
const seen = new WeakMap<Execution, { now: number; progress: ExecutionProgress }>();

/** How far an execution with steps is at `now`, down to every step. */
export function progressOf(plan: PlanSpec, execution: Execution, now: number): ExecutionProgress {
  const known = seen.get(execution);
  const end = execution.end.at;
  if (known !== undefined && (known.now === now || (known.now >= end && now >= end))) return known.progress;
  const progress = lookAt(plan, execution, now);
  seen.set(execution, { now, progress });
  return progress;
}

function lookAt(plan: PlanSpec, execution: Execution, now: number): ExecutionProgress {
  const { steps, end } = execution;
  const latest = latestAttempts(execution.attempts, now);
  const ended = end.at <= now;
  const completed = ended && end.kind === 'completed';
  const halted = ended && end.kind === 'halted';
  const position: Position = {
    here: execution.attempts.findLast((attempt) => attempt.startedAt <= now)?.step ?? -1,
    over: completed,
    haltedAt: halted ? end.step : undefined,
  };
  const all = steps.map((step, index) => stepProgress(step, latest.get(index), now));

  // The steps of a machine or virtual group stand together, in the order of the plan.
  let place = 0;
  const take = (id: string): { own: StepProgress[]; first: number } => {
    const first = place;
    while (all[place]?.step.vmId === id) place += 1;
    return { own: all.slice(first, place), first };
  };
  let number = 0;
  const groups = plan.groups.map((group): GroupProgress => {
    const groupFirst = place;
    const { own: ofGroup } = take(group.id);
    const vms = group.vms.map((vm): VmProgress => {
      number += 1;
      const { own, first } = take(vm.id);
      const counts = countsOf(own.map((one) => one.result));
      const { state, percent, result, startedAt, finishedAt, remarks } = summary(own, first, position);
      // Written out, not spread: plans have thousands of machines.
      return {
        state,
        percent,
        result,
        startedAt,
        finishedAt,
        remarks,
        counts,
        vm,
        number,
        steps: own,
      };
    });
    const counts = countsOf(
      vms.length === 0
        ? ofGroup.map((one) => one.result)
        : vms.map(({ state, result }) =>
            state === 'Completed' || state === 'Halted' ? result : 'Undefined',
          ),
    );
    return {
      ...summary(all.slice(groupFirst, place), groupFirst, position),
      ...{ counts, group, vms, steps: ofGroup },
    };
  });

  return {
    ...summary(all, 0, position),
    state: completed ? 'Completed' : halted ? 'Halted' : 'Running',
    startedAt: execution.startedAt,
    finishedAt: completed ? end.at : undefined,
    counts: countsOf(all.map((one) => one.result)),
    groups,
  };
}
