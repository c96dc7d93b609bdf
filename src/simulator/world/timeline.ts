import type { Operation } from './operations.ts';
import { RULES } from './operations.ts';
import type { PlannedStep } from './planned-steps.ts';

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

/** One try of one step. It may lie in the future: a plan's course is known until somebody interferes. */
export interface Attempt {
  readonly step: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly result: 'Success' | 'Warning' | 'Error';
  /** Of its message. An error that is not critical makes only a warning of the step. */
  readonly severity: 'Success' | 'Warning' | 'Error';
  readonly isCritical: boolean;
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
  /** What it takes after its last step, in simulated milliseconds. */
  readonly tailMs: number;
  readonly haltRequested: boolean;
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

/** How a step ends, with the trouble that strikes it. */
function outcomeOf(
  step: PlannedStep,
  trouble: Trouble | undefined,
): Pick<Attempt, 'result' | 'severity' | 'isCritical' | 'message'> & { halts: boolean } {
  const said = (message: string): string => `[${step.name}] ${message}`;
  const { isCritical } = step;
  if (trouble === undefined) {
    const { result, message } = step.finding ?? { result: 'Success', message: 'The step is complete' };
    return {
      result,
      severity: result,
      isCritical,
      message: said(message),
      halts: result === 'Error' && step.halts,
    };
  }
  const message = said(trouble.message);
  if (trouble.kind === 'warn') {
    return { result: 'Warning', severity: 'Warning', isCritical, message, halts: false };
  }
  const critical = isCritical || trouble.critical === true;
  return {
    result: critical ? 'Error' : 'Warning',
    severity: 'Error',
    isCritical: critical,
    message,
    halts: trouble.critical ?? step.halts,
  };
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
  tailMs,
  troubles,
}: {
  operation: Operation;
  steps: readonly PlannedStep[];
  before: readonly Attempt[];
  first: number;
  at: number;
  tailMs: number;
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
    const { result, severity, isCritical, message, halts } = outcomeOf(step, trouble);
    // Written out, not spread: there are thousands of them, and objects of one shape are read much faster.
    attempts.push({
      step: index,
      startedAt,
      finishedAt: now,
      result,
      severity,
      isCritical,
      message,
      trouble: trouble?.id,
    });
    if (halts && RULES[operation].halts) {
      return { attempts, end: { kind: 'halted', at: now, step: index, failed: true } };
    }
  }
  return { attempts, end: { kind: 'completed', at: now + Math.round(tailMs) } };
}

/** The last try of every step that has begun by `now`. */
export function latestAttempts(attempts: readonly Attempt[], now: number): Map<number, Attempt> {
  const latest = new Map<number, Attempt>();
  for (const attempt of attempts) if (attempt.startedAt <= now) latest.set(attempt.step, attempt);
  return latest;
}

/** The worst result of these. */
export function worst(results: Iterable<Result>): Result {
  let found: Result = 'Undefined';
  for (const result of results) {
    if (result === 'Error') return 'Error';
    if (result === 'Warning' || found === 'Undefined') found = result;
  }
  return found;
}

/** What an execution amounts to at `now`: the worst last try of its steps. */
export function resultAt(execution: Execution, now: number): Result {
  const latest = latestAttempts(execution.attempts, now);
  return worst(
    [...latest.values()].map(({ finishedAt, result }) => (finishedAt <= now ? result : 'Undefined')),
  );
}
