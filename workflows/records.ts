import { deviationText } from '../src/model/approvers.ts';
import type { StepFailure } from '../src/model/failure.ts';
import type { JsonObject } from '../src/model/json.ts';
import type { DecisionTaken, Outcome, StepRecord } from '../src/model/run.ts';
import type { RunNote } from '../src/model/run-note.ts';
import type { Step } from '../src/model/runbook.ts';
import type { RunState } from './run-state.ts';

/** How a step came out, when it came out well, was left out, or was ended by people; failures are thrown. */
export interface StepEnd {
  readonly outcome: Outcome;
  readonly output?: JsonObject;
  readonly outputDigest?: string;
  readonly reason?: string;
}

/** Writes the outcome of a step into its record, and tells the ledger. */
export function endStep(
  { journal }: Pick<RunState, 'journal'>,
  record: StepRecord,
  { outcome, output, outputDigest, reason }: StepEnd,
  now: number,
): void {
  record.state = 'ended';
  const { deviation } = record;
  // Done, and not as the rules want it.
  record.outcome = deviation !== undefined && outcome === 'succeeded' ? 'warned' : outcome;
  record.endedAt = now;
  if (outcome !== 'failed') delete record.failure;
  delete record.dueAt;
  delete record.todo;
  if (output !== undefined) record.output = output;
  if (outputDigest !== undefined) record.outputDigest = outputDigest;
  if (reason !== undefined) record.reason = reason;
  else if (deviation !== undefined) record.reason = deviationText(deviation);
  const { gate } = record;
  if (gate !== undefined && gate.closedAt === undefined) {
    gate.closedAt = now;
    gate.closedBy = 'cancel';
  }
  journal.note(endOf(record, now));
}

function endOf(record: StepRecord, at: number): RunNote {
  const {
    path,
    attempt,
    outcome = 'failed',
    uses,
    startedAt,
    reason,
    failure,
    output,
    outputDigest,
  } = record;
  return {
    kind: 'step.ended',
    at,
    path,
    attempt,
    outcome,
    ...(uses === undefined ? {} : { action: uses }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(reason === undefined ? {} : { reason }),
    ...(failure === undefined ? {} : { failure: failure.code }),
    ...(outputDigest !== undefined ? { outputDigest } : output === undefined ? {} : { output }),
  };
}

/** Adds a decision to the record of a step, and tells the ledger. */
export function noteDecision(
  { journal }: Pick<RunState, 'journal'>,
  record: StepRecord,
  taken: DecisionTaken,
): void {
  record.decisions = [...(record.decisions ?? []), taken];
  const { at, attempt, decision, person, failure } = taken;
  journal.note({ kind: 'decision', at, path: record.path, attempt, decision, person, failure });
}

/**
 * Writes a failure into the record of a step. What was decided about the failure before it is spent, also when it was
 * the decision's own command that failed: people are asked again, and nothing is sent a second time by itself.
 */
export function failStep(record: StepRecord, failure: StepFailure): void {
  record.failure = failure;
  delete record.todo;
  if (record.gate?.kind !== 'approval') delete record.gate;
}

/** Leaves a step, and all that is in it and has not begun, out. */
export function passStep(state: RunState, step: Step, reason: string, now: number): void {
  const record = state.record(step.path);
  if (record.state !== 'ended') endStep(state, record, { outcome: 'skipped', reason }, now);
  for (const child of state.loops.childrenOf(step)) passStep(state, child, reason, now);
}

/**
 * Leaves out what never began among `steps`: the record must say what did not run, and why. What an earlier execution
 * had begun, and nothing has taken up since, ends as cancelled: the steps around it have ended.
 */
export function passPending(state: RunState, steps: readonly Step[], reason: string, now: number): void {
  for (const step of steps) {
    const record = state.record(step.path);
    if (record.state === 'pending') {
      passStep(state, step, reason, now);
      continue;
    }
    if (record.state !== 'ended') endStep(state, record, { outcome: 'cancelled', reason }, now);
    passPending(state, state.loops.childrenOf(step), reason, now);
  }
}

/** A block is as good as the worst step in it; steps that were left out do not count against it. */
export function worstOutcome(state: RunState, step: Step): Outcome {
  const outcomes = state.loops.childrenOf(step).map(({ path }) => state.record(path).outcome);
  return outcomes.some((outcome) => outcome === 'warned' || outcome === 'failed') ? 'warned' : 'succeeded';
}
