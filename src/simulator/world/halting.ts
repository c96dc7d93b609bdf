import type { ContinueOption } from './commands.ts';
import type { PlannedStep } from './planned-steps.ts';
import type { Situation } from './situation.ts';
import { NO_CHAIN } from './situation.ts';
import { playFrom } from './timeline.ts';

/** The running step finishes first; what would have come after it does not. */
export function halt(situation: Situation, { at, fullStop }: { at: number; fullStop: boolean }): Situation {
  const { execution } = situation;
  if (execution === undefined) return situation;
  const attempts = execution.attempts.filter((attempt) => attempt.startedAt <= at);
  const last = attempts.at(-1);
  const end =
    execution.end.kind === 'halted' && attempts.length === execution.attempts.length
      ? execution.end
      : ({
          kind: 'halted',
          at: Math.max(at, last?.finishedAt ?? at),
          step: (last?.step ?? -1) + 1,
          failed: false,
        } as const);
  return {
    ...situation,
    execution: { ...execution, attempts, end, haltRequested: true },
    chain: fullStop ? NO_CHAIN : situation.chain,
  };
}

/** Where a halted operation goes on: in its list of steps, from the one it halted at. */
function resumeAt(
  steps: readonly PlannedStep[],
  at: number,
  failed: boolean,
  option: ContinueOption,
): number {
  const here = steps[at];
  const found = (step: number): number => (step === -1 ? steps.length : step);
  switch (option) {
    case 'RetryFailedStep':
      return at;
    case 'RetryFailedVm':
      return found(steps.findIndex((step) => step.vm === here?.vm));
    case 'RetryFailedGroup':
      return found(steps.findIndex((step) => step.group === here?.group));
    case 'ProceedToNextStep':
      return failed ? at + 1 : at;
    case 'ProceedToNextVm':
      return found(steps.findIndex((step) => here !== undefined && step.vm > here.vm));
    case 'ProceedToNextGroup':
      return found(steps.findIndex((step) => here !== undefined && step.group > here.group));
  }
}

/** A halted operation goes on. */
export function resume(situation: Situation, option: ContinueOption, at: number): Situation {
  const { execution, troubles } = situation;
  if (execution?.end.kind !== 'halted') return situation;
  const { operation, steps, tailMs, attempts: before, end } = execution;
  const first = resumeAt(steps, end.step, end.failed, option);
  const course = playFrom({ operation, steps, before, first, at, tailMs, troubles });
  return {
    ...situation,
    active: true,
    runResult: 'Undefined',
    execution: { ...execution, haltRequested: false, ...course },
  };
}

/** Troubles changed while something runs: what has finished stays, the running step and all after it are redone. */
export function replan(situation: Situation, at: number): Situation {
  const { execution, active, troubles } = situation;
  if (!active || execution === undefined || execution.haltRequested) return situation;
  const { operation, steps, tailMs, attempts } = execution;
  const current = attempts.find((attempt) => attempt.finishedAt > at);
  if (current === undefined) return situation;
  const course = playFrom({
    operation,
    steps,
    before: attempts.slice(0, attempts.indexOf(current)),
    first: current.step,
    at: current.startedAt,
    tailMs,
    troubles,
  });
  return { ...situation, execution: { ...execution, ...course } };
}
