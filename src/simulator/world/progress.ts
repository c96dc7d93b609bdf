import type { PlanSpec } from '../scenario.ts';
import type { Attempt, Execution, PlannedStep, Result } from './timeline.ts';
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
  readonly vm: PlanSpec['groups'][number]['vms'][number];
  /** Position in the plan, from 1. */
  readonly number: number;
  readonly steps: readonly StepProgress[];
}
export interface GroupProgress extends Progress {
  readonly group: PlanSpec['groups'][number];
  readonly vms: readonly VmProgress[];
}
export interface ExecutionProgress extends Progress {
  readonly groups: readonly GroupProgress[];
}

function countsOf(results: readonly Result[]): Progress['counts'] {
  const count = (wanted: Result): number => results.filter((result) => result === wanted).length;
  return {
    success: count('Success'),
    warning: count('Warning'),
    error: count('Error'),
    total: results.length,
  };
}

function stepProgress(step: PlannedStep, attempt: Attempt | undefined, now: number): StepProgress {
  const finished = attempt !== undefined && attempt.finishedAt <= now;
  const result = finished ? attempt.result : 'Undefined';
  const fraction =
    attempt === undefined ? 0 : (now - attempt.startedAt) / (attempt.finishedAt - attempt.startedAt);
  return {
    step,
    state: attempt === undefined ? 'NotStarted' : finished ? 'Completed' : 'Running',
    percent: finished ? 100 : Math.floor(fraction * 100),
    result,
    startedAt: attempt?.startedAt,
    finishedAt: finished ? attempt.finishedAt : undefined,
    remarks: finished
      ? [
          {
            message: attempt.message,
            isCritical: step.isCritical,
            severity: attempt.result,
            at: attempt.finishedAt,
          },
        ]
      : [],
    counts: countsOf([result]),
  };
}

/** What a number of steps amounts to. `here` is the step the operation is at, `haltedAt` the one it halted at. */
function summary(
  steps: readonly StepProgress[],
  position: { first: number; here: number; over: boolean; haltedAt: number | undefined },
): Omit<Progress, 'counts'> {
  const begun = steps.filter((step) => step.startedAt !== undefined);
  const isHere = (index: number | undefined): boolean =>
    index !== undefined && index >= position.first && index < position.first + steps.length;
  const passed = position.over || position.here >= position.first + steps.length;
  const allDone = steps.every((step) => step.state === 'Completed');
  const state: ExecutionState =
    begun.length === 0
      ? 'NotStarted'
      : isHere(position.haltedAt)
        ? 'Halted'
        : allDone || (passed && !steps.some((step) => step.state === 'Running'))
          ? 'Completed'
          : 'Running';
  const total = steps.reduce((sum, { step }) => sum + step.seconds, 0);
  const done = steps.reduce((sum, { step, percent }) => sum + step.seconds * percent, 0);
  const soFar = worst(steps.map((step) => step.result));
  return {
    state,
    percent: state === 'Completed' ? 100 : Math.floor(done / total),
    result: state === 'Running' && soFar === 'Success' ? 'Undefined' : soFar,
    startedAt: begun.length === 0 ? undefined : Math.min(...begun.flatMap((step) => step.startedAt ?? [])),
    finishedAt:
      state === 'Completed' ? Math.max(...steps.flatMap((step) => step.finishedAt ?? [])) : undefined,
    remarks: steps
      .flatMap((step) =>
        step.remarks.map((remark) => ({ ...remark, message: `${step.step.vmName}: ${remark.message}` })),
      )
      .filter((remark) => remark.severity !== 'Success'),
  };
}

/** How far an execution with steps is at `now`, down to every step. */
export function progressOf(plan: PlanSpec, execution: Execution, now: number): ExecutionProgress {
  const { steps, end, startedAt } = execution;
  const latest = latestAttempts(execution.attempts, now);
  const here = execution.attempts.findLast((attempt) => attempt.startedAt <= now)?.step ?? -1;
  const ended = end.at <= now;
  const completed = ended && end.kind === 'completed';
  const halted = ended && end.kind === 'halted';
  const position = { here, over: completed, haltedAt: halted ? end.step : undefined };
  const all = steps.map((step, index) => stepProgress(step, latest.get(index), now));

  let number = 0;
  const groups = plan.groups.map((group): GroupProgress => {
    const vms = group.vms.map((vm): VmProgress => {
      number += 1;
      const own = all.filter((one) => one.step.vmId === vm.id);
      const first = steps.findIndex((step) => step.vmId === vm.id);
      return {
        ...summary(own, { first, ...position }),
        counts: countsOf(own.map((one) => one.result)),
        vm,
        number,
        steps: own,
      };
    });
    const own = vms.flatMap((vm) => vm.steps);
    const first = steps.findIndex((step) => step.vmId === group.vms[0]?.id);
    const counts = countsOf(
      vms.map((vm) => (vm.state === 'Completed' || vm.state === 'Halted' ? vm.result : 'Undefined')),
    );
    return { ...summary(own, { first, ...position }), counts, group, vms };
  });

  return {
    ...summary(all, { first: 0, ...position }),
    state: completed ? 'Completed' : halted ? 'Halted' : 'Running',
    startedAt,
    finishedAt: completed ? end.at : undefined,
    counts: countsOf(all.map((one) => one.result)),
    groups,
  };
}
