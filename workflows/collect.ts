import { failurePolicy, type ForEachStep, type ParallelStep, type Step } from '../src/model/runbook.ts';
import type { StepRecord } from '../src/model/run.ts';
import { stepAt } from '../src/model/loop.ts';
import type { Engine } from './engine.ts';
import type { RunState } from './run-state.ts';
import { endStep, passPending } from './records.ts';

/** Of a failure that waits for the end of its loop; a thousand of them have to fit beside each other. */
const MAX_COLLECTED_MESSAGE = 300;
/** Why the branches beside one that failed did not go on. */
export const BRANCH_FAILED = 'another branch failed';
const LEFT_OUT = 'an earlier step of this item failed';

/** Failures after which a command is over: what it was about has come to rest. */
const OVER: ReadonlySet<string | undefined> = new Set(['vro.planFailed', 'step.notAccepted']);

/**
 * Whether the failure of a step waits for the end of its loop. One that follows a command does not: what was sent, or
 * may have been, needs a decision of its own, and must never be sent again with the others. Unless the command touches
 * nothing and is over: a readiness check that found something.
 */
export function isCollected(engine: Engine, step: Step, { command, failure }: StepRecord): boolean {
  if (!isCollecting(engine, step) || failure?.code === 'effect.unclear') return false;
  const isHarmless = step.kind === 'uses' && step.action.impact === 'none' && OVER.has(failure?.code);
  return command === undefined || isHarmless;
}

/** Whether a step has ended so that the item it belongs to is over. */
export function isItemFailed(engine: Engine, step: Step, { outcome }: StepRecord): boolean {
  return outcome === 'failed' && isCollecting(engine, step);
}

/** Whether failures of this step wait for the end of its loop, and do not ask by themselves, stop or go on. */
function isCollecting({ state }: Engine, step: Step): boolean {
  const waits =
    state.loops.chainAround(step.path).some(({ loop }) => loop.collect) || isInFailFast(state, step.path);
  return waits && failurePolicy(step, state.identity.mode) === 'pause';
}

/** Whether a step stands in a branch of a `parallel` that ends with the first failure. */
function isInFailFast({ runbook }: RunState, path: string): boolean {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const around = stepAt(runbook, path.slice(0, end));
    if (around?.kind === 'parallel' && around.failFast === true) return true;
  }
  return false;
}

/** Ends a step whose failure waits for the end of the loop. */
export function failItem(engine: Engine, record: StepRecord): void {
  const { code = 'step.internal', message = 'failed' } = record.failure ?? {};
  const reason = message.slice(0, MAX_COLLECTED_MESSAGE);
  record.failure = { code, message: reason };
  endStep(engine.state, record, { outcome: 'failed', reason }, engine.now());
}

/** Ends a block in which the item has failed; what has not begun in it is left out. */
export function leaveBlock(engine: Engine, step: Step, record: StepRecord): void {
  passPending(engine.state, engine.state.loops.childrenOf(step), LEFT_OUT, engine.now());
  endStep(engine.state, record, { outcome: 'failed', reason: 'a step in it failed' }, engine.now());
}

/** The items that failed are tried again, each from the step that failed; what succeeded stays done. */
export function reopenFailed(engine: Engine, loop: ForEachStep): void {
  for (const { block } of engine.state.loops.of(loop.path) ?? []) reopenBelow(engine, block);
}

/** The branches that failed, or were ended for that, are tried again; what succeeded stays done. */
export function reopenBranches(engine: Engine, parallel: ParallelStep): void {
  for (const branch of parallel.branches) reopenBelow(engine, branch);
}

/** Down to where it failed: what had failed and was passed, as its `onFailure` says, has ended and stays so. */
function reopenBelow(engine: Engine, step: Step): void {
  const { state } = engine;
  const record = state.record(step.path);
  const { outcome, reason, command } = record;
  const isEnded = outcome === 'cancelled' || reason === LEFT_OUT || reason === BRANCH_FAILED;
  if (!isEnded && !isItemFailed(engine, step, record)) return;
  state.archived.delete(step.path);
  reopen(record);
  // What was sent is watched on, never sent again.
  if (outcome === 'cancelled' && command !== undefined) record.command = command;
  for (const child of state.loops.childrenOf(step)) reopenBelow(engine, child);
}

function reopen(record: StepRecord): void {
  record.state = 'pending';
  delete record.outcome;
  delete record.endedAt;
  delete record.reason;
  delete record.failure;
  delete record.command;
  delete record.window;
  // It was closed with the step: what is tried again asks again.
  delete record.gate;
  delete record.tried;
}
