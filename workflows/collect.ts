import { failurePolicy, type ForEachStep, type Step } from '../src/model/runbook.ts';
import type { StepRecord } from '../src/model/run.ts';
import type { Engine } from './engine.ts';
import { endStep, passPending } from './records.ts';

/** Of a failure that waits for the end of its loop; a thousand of them have to fit beside each other. */
const MAX_COLLECTED_MESSAGE = 300;
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
  const isLoopCollecting = state.loops.around(step.path)?.loop.collect === true;
  return isLoopCollecting && failurePolicy(step, state.identity.mode) === 'pause';
}

/** Ends a step whose failure waits for the end of the loop. */
export function failItem(engine: Engine, record: StepRecord): void {
  const { code = 'step.internal', message = 'failed' } = record.failure ?? {};
  const reason = message.slice(0, MAX_COLLECTED_MESSAGE);
  record.failure = { code, message: reason };
  endStep(record, { outcome: 'failed', reason }, engine.now());
}

/** Ends a block in which the item has failed; what has not begun in it is left out. */
export function leaveBlock(engine: Engine, step: Step, record: StepRecord): void {
  passPending(engine.state, engine.state.loops.childrenOf(step), LEFT_OUT, engine.now());
  endStep(record, { outcome: 'failed', reason: 'a step in it failed' }, engine.now());
}

/** The items that failed are tried again, each from the step that failed; what succeeded stays done. */
export function reopenFailed({ state }: Engine, loop: ForEachStep): void {
  for (const { block } of state.loops.of(loop.path) ?? []) {
    if (state.record(block.path).outcome !== 'failed') continue;
    state.archived.delete(block.path);
    for (const { path } of state.loops.walk([block])) {
      const record = state.record(path);
      if (record.outcome === 'failed' || record.reason === LEFT_OUT) reopen(record);
    }
  }
}

function reopen(record: StepRecord): void {
  record.state = 'pending';
  delete record.outcome;
  delete record.endedAt;
  delete record.reason;
  delete record.failure;
  delete record.command;
  delete record.window;
}
