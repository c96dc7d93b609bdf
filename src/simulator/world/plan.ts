import type { PlanSpec } from '../scenario.ts';
import type { Execution, Operation, PlannedStep, Result, Trouble } from './timeline.ts';
import { playFrom, resultAt, stepsOf, timesStruck } from './timeline.ts';

/** Where a plan can rest. */
export type StableState =
  | 'Ready'
  | 'FailoverComplete'
  | 'UndoFailoverComplete'
  | 'FailbackComplete'
  | 'CommitFailbackComplete'
  | 'Halted';

export type Mode = 'Enabled' | 'Disabled' | 'InUse';
export type Verification = PlanSpec['verification'];

export const CONTINUE_OPTIONS = [
  'ProceedToNextVm',
  'ProceedToNextGroup',
  'ProceedToNextStep',
  'RetryFailedStep',
  'RetryFailedVm',
  'RetryFailedGroup',
] as const;
export type ContinueOption = (typeof CONTINUE_OPTIONS)[number];

/** What a client can ask of a plan, named as in VRO's paths. */
export type Command =
  | Readonly<{ action: 'Enable' | 'Disable' | 'ReadinessCheck' | 'Failover' | 'Halt' | 'Undo' }>
  | Readonly<{ action: 'FailbackToProduction' | 'CommitFailback' }>
  | Readonly<{ action: 'Continue'; option: ContinueOption }>
  | Readonly<{ action: 'ResetState'; executeReadinessCheck: boolean }>;

/** Everything that can happen to a plan from outside. */
export type Happening =
  | Command
  | Readonly<{ action: 'reboot'; rewound: boolean }>
  | Readonly<{ action: 'trouble'; trouble: Trouble }>
  | Readonly<{ action: 'calm'; trouble?: string }>;

/**
 * All that has happened to a plan, folded. The course of a running operation is part of it, future included, so that
 * what a client sees is a pure function of this and the time.
 */
export interface Situation {
  /** Where the plan rests, or rested before what runs now. */
  readonly stable: StableState;
  readonly mode: Mode;
  readonly verification: Verification;
  /** What runs, or ran last. */
  readonly execution: Execution | undefined;
  readonly active: boolean;
  readonly runResult: Result;
  readonly checkResult: Result;
  /** Whether RuntimeDetails still know the execution; a reboot empties them, or worse, rewinds them. */
  readonly details: 'shown' | 'emptied' | 'rewound';
  readonly checkAfterReset: boolean;
  readonly troubles: readonly Trouble[];
}

export function initially(plan: PlanSpec): Situation {
  return {
    stable: 'Ready',
    mode: plan.mode,
    verification: plan.verification,
    execution: undefined,
    active: false,
    runResult: 'Undefined',
    checkResult: plan.verification === 'Verified' ? 'Success' : 'Undefined',
    details: 'shown',
    checkAfterReset: false,
    troubles: [],
  };
}

/** The situation at `now`: an operation whose time has come is over. */
export function settle(plan: PlanSpec, situation: Situation, now: number): Situation {
  const { execution, active } = situation;
  if (!active || execution === undefined || execution.end.at > now) return situation;
  const ended = finish({ ...situation, active: false }, execution);
  if (!situation.checkAfterReset) return ended;
  const checking = begin(plan, { ...ended, checkAfterReset: false }, 'check', execution.end.at);
  return settle(plan, checking, now);
}

/** The situation after something happened at `at`. Whether a command is legal has been decided before. */
export function happen(plan: PlanSpec, before: Situation, happening: Happening, at: number): Situation {
  const situation = settle(plan, before, at);
  switch (happening.action) {
    case 'Enable':
      return { ...situation, mode: 'Enabled' };
    case 'Disable':
      return { ...situation, mode: 'Disabled' };
    case 'ReadinessCheck':
      return begin(plan, { ...situation, checkResult: 'Undefined' }, 'check', at);
    case 'Failover':
      return begin(plan, { ...situation, mode: 'InUse' }, 'failover', at);
    case 'FailbackToProduction':
      return begin(plan, situation, 'failback', at);
    case 'CommitFailback':
      return begin(plan, situation, 'commitFailback', at);
    case 'Undo':
      return begin(plan, situation, undoOf(situation), at);
    case 'Halt':
      return halt(situation, at);
    case 'Continue':
      return resume(situation, happening.option, at);
    case 'ResetState':
      return reset(plan, situation, happening.executeReadinessCheck, at);
    case 'reboot':
      return { ...situation, details: happening.rewound ? 'rewound' : 'emptied' };
    case 'trouble':
      return replan({ ...situation, troubles: [...situation.troubles, happening.trouble] }, at);
    case 'calm': {
      const troubles = situation.troubles.filter(
        (one) => happening.trouble !== undefined && one.id !== happening.trouble,
      );
      return replan({ ...situation, troubles }, at);
    }
  }
}

/** Undo takes back the last operation: a failback returns to the failover, a failover to UNDO FAILOVER. */
function undoOf({ stable, execution }: Situation): Operation {
  if (stable === 'FailoverComplete') return 'undoFailover';
  if (stable === 'FailbackComplete') return 'undoFailback';
  const halted = execution?.operation;
  return halted === 'failover' || halted === 'undoFailover' ? 'undoFailover' : 'undoFailback';
}

function begin(plan: PlanSpec, situation: Situation, operation: Operation, at: number): Situation {
  const past = situation.execution?.attempts ?? [];
  const troubles = situation.troubles
    .map((trouble) => ({ ...trouble, left: trouble.left - timesStruck(trouble, past) }))
    .filter((trouble) => trouble.left > 0);
  const steps = stepsOf(plan, operation);
  const course = playFrom({ operation, steps, before: [], first: 0, at, troubles });
  return {
    ...situation,
    troubles,
    active: true,
    details: 'shown',
    runResult: operation === 'check' ? situation.runResult : 'Undefined',
    execution: { operation, steps, startedAt: at, haltRequested: false, ...course },
  };
}

function reset(plan: PlanSpec, situation: Situation, checkAfterReset: boolean, at: number): Situation {
  const begun = begin(plan, situation, 'reset', at);
  const end = { kind: 'completed', at: at + Math.round(plan.durations.reset * 1000) } as const;
  return { ...begun, checkAfterReset, execution: begun.execution && { ...begun.execution, end } };
}

function finish(situation: Situation, execution: Execution): Situation {
  const result = resultAt(execution, execution.end.at);
  if (execution.end.kind === 'halted') {
    // A halted check leaves the plan where it was; everything else leaves it HALTED.
    if (execution.operation === 'check') return situation;
    return { ...situation, stable: 'Halted', runResult: execution.end.failed ? 'Error' : 'Undefined' };
  }
  switch (execution.operation) {
    case 'check':
      return {
        ...situation,
        checkResult: result,
        verification: result === 'Error' ? 'NotVerified' : 'Verified',
      };
    case 'failover':
    case 'undoFailback':
      return { ...situation, stable: 'FailoverComplete', runResult: result };
    case 'undoFailover':
      // UNDO FAILOVER is a state of its own; the plan stays in use until it is reset.
      return { ...situation, stable: 'UndoFailoverComplete', runResult: result };
    case 'failback':
      return { ...situation, stable: 'FailbackComplete', runResult: result };
    case 'commitFailback':
      return { ...situation, stable: 'CommitFailbackComplete', runResult: result };
    case 'reset':
      return {
        ...situation,
        stable: 'Ready',
        mode: 'Disabled',
        verification: 'NeedsVerified',
        execution: undefined,
        runResult: 'Undefined',
        checkResult: 'Undefined',
      };
  }
}

/** The running step finishes first; what would have come after it does not. */
function halt(situation: Situation, at: number): Situation {
  const { execution } = situation;
  if (execution === undefined) return situation;
  const attempts = execution.attempts.filter((attempt) => attempt.startedAt <= at);
  const last = attempts.at(-1);
  const end =
    execution.end.kind === 'halted' && attempts.length === execution.attempts.length
      ? execution.end
      : ({
          kind: 'halted',
          at: last?.finishedAt ?? at,
          step: (last?.step ?? -1) + 1,
          failed: false,
        } as const);
  return { ...situation, execution: { ...execution, attempts, end, haltRequested: true } };
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

function resume(situation: Situation, option: ContinueOption, at: number): Situation {
  const { execution } = situation;
  if (execution?.end.kind !== 'halted') return situation;
  const { operation, steps, attempts: before, end } = execution;
  const first = resumeAt(steps, end.step, end.failed, option);
  const course = playFrom({ operation, steps, before, first, at, troubles: situation.troubles });
  return {
    ...situation,
    active: true,
    runResult: 'Undefined',
    execution: { ...execution, haltRequested: false, ...course },
  };
}

/** Troubles changed while something runs: what has finished stays, the running step and all after it are redone. */
function replan(situation: Situation, at: number): Situation {
  const { execution, active } = situation;
  if (!active || execution === undefined || execution.haltRequested) return situation;
  const { operation, steps, attempts } = execution;
  const current = attempts.find((attempt) => attempt.finishedAt > at);
  if (current === undefined) return situation;
  const before = attempts.slice(0, attempts.indexOf(current));
  const course = playFrom({
    operation,
    steps,
    before,
    first: current.step,
    at: current.startedAt,
    troubles: situation.troubles,
  });
  return { ...situation, execution: { ...execution, ...course } };
}
