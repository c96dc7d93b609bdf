import type { PlanNow } from './situation.ts';
import type { Operation } from './operations.ts';
import type { Execution, Result } from './timeline.ts';

/** One try of one step that has begun. */
export interface StepReport {
  readonly vmId: string;
  readonly vmName: string;
  readonly stepName: string;
  readonly actionType: string;
  readonly startedAt: number;
  /** Absent, as the result is `Undefined`, while it runs. */
  readonly finishedAt: number | undefined;
  readonly result: Result;
}

/** One execution of a plan, as far as it has come. Times are simulated milliseconds. */
export interface ExecutionReport {
  readonly planId: string;
  readonly operation: Operation;
  readonly status: 'running' | 'completed' | 'halted';
  readonly startedAt: number;
  /** When it completed or halted; absent while it runs. A halted one may go on. */
  readonly finishedAt: number | undefined;
  /** In the order in which they ran; a step that was retried is there twice. */
  readonly steps: readonly StepReport[];
}

/** The executions of a plan in which something happened after `since`, oldest first. */
export function executionsOf({ spec, situation, now }: PlanNow, since: number): ExecutionReport[] {
  const all = [...situation.past, ...(situation.execution === undefined ? [] : [situation.execution])];
  return all
    .filter((execution) => Math.min(execution.end.at, now) > since)
    .map((execution) => reportOf(spec.id, execution, now));
}

function reportOf(planId: string, execution: Execution, now: number): ExecutionReport {
  const { operation, end, startedAt, attempts, steps } = execution;
  const ended = end.at <= now;
  return {
    planId,
    operation,
    status: ended ? end.kind : 'running',
    startedAt,
    finishedAt: ended ? end.at : undefined,
    steps: attempts
      .filter((attempt) => attempt.startedAt <= now)
      .flatMap((attempt): StepReport[] => {
        const step = steps[attempt.step];
        if (step === undefined) return [];
        const finished = attempt.finishedAt <= now;
        return [
          {
            vmId: step.vmId,
            vmName: step.vmName,
            stepName: step.name,
            actionType: step.actionType,
            startedAt: attempt.startedAt,
            finishedAt: finished ? attempt.finishedAt : undefined,
            result: finished ? attempt.result : 'Undefined',
          },
        ];
      }),
  };
}
