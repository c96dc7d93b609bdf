import type { StepRecord } from '../src/model/run.ts';
import { failurePolicy, type FailurePolicy, type Step } from '../src/model/runbook.ts';
import { decide } from './decisions.ts';
import type { Engine } from './engine.ts';
import { failureOf } from './failure.ts';
import { BranchStopped, isInterruption, IterationFailed, Stopped } from './interruption.ts';
import { BRANCH_FAILED, failItem, isCollected, isItemFailed, leaveBlock } from './collect.ts';
import { endStep, failStep, passPending, passStep, worstOutcome, type StepEnd } from './records.ts';
import { runApproval } from './steps/approval.ts';
import { runCheck } from './steps/check.ts';
import { runForEach } from './steps/for-each.ts';
import { runManual } from './steps/manual.ts';
import { runParallel } from './steps/parallel.ts';
import { runChild } from './steps/child.ts';
import { runUses } from './steps/uses.ts';
import { runWait } from './steps/wait.ts';
import { waitForWindow } from './window.ts';

/** Runs steps in order. @throws Suspended, Stopped */
export async function runSteps(engine: Engine, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await runStep(engine, step);
}

/**
 * Runs one step to its outcome. A step that an earlier execution ended is passed over; one it had begun is taken up
 * where its record says.
 *
 * @throws Suspended when the run continues as new, Stopped when the run must not go on, IterationFailed when the item of
 * a loop is over
 */
export async function runStep(engine: Engine, step: Step): Promise<void> {
  const record = engine.state.record(step.path);
  if (record.state === 'ended') {
    if (isItemFailed(engine, step, record)) throw new IterationFailed();
    return;
  }
  try {
    if (engine.isPausedBefore(record)) await engine.whilePaused(record);
    engine.beforeStep(record.state === 'pending');
    while (!(await advance(engine, step, record)));
    engine.interruption.check();
  } catch (error) {
    // A step that had not begun is left out with the others that had not; see passPending.
    if (error instanceof Stopped && isOpen(record)) {
      endStep(engine.state, record, { outcome: 'cancelled' }, engine.now());
    }
    if (error instanceof BranchStopped && isOpen(record)) {
      endStep(engine.state, record, { outcome: 'cancelled', reason: BRANCH_FAILED }, engine.now());
    }
    throw error;
  }
}

/** A function, since the compiler does not see that awaiting changes a record. */
function isOpen({ state }: StepRecord): boolean {
  return state === 'running' || state === 'waiting';
}

/** Takes a step one try further; true when it has ended. @throws Suspended, Stopped, IterationFailed */
async function advance(engine: Engine, step: Step, record: StepRecord): Promise<boolean> {
  try {
    if (record.state === 'pending' && !begin(engine, step, record)) return true;
    const isDecided = record.failure !== undefined;
    const ended = isDecided ? await decide(engine, step, record) : await perform(engine, step, record);
    if (ended === 'again') return false;
    endStep(engine.state, record, ended, engine.now());
    if (isDecided) leaveChildren(engine, step, ended.reason ?? ended.outcome);
    if (ended.outcome === 'rejected') engine.stop('rejected');
    return true;
  } catch (error) {
    if (isInterruption(error)) throw error;
    if (error instanceof IterationFailed) {
      leaveBlock(engine, step, record);
      return endItemByPolicy(engine, step, error);
    }
    failStep(record, failureOf(error));
    return endByPolicy(engine, step, record);
  }
}

/** Whether the step runs at all: it belongs to the mode, and its `if` holds. @throws ExpressionError */
function begin(engine: Engine, step: Step, record: StepRecord): boolean {
  const { mode } = engine.state.identity;
  if (step.modes !== undefined && !step.modes.includes(mode)) {
    passStep(engine.state, step, `not in a ${mode} run`, engine.now());
    return false;
  }
  record.state = 'running';
  record.attempt += 1;
  record.startedAt ??= engine.now();
  if (step.if === undefined || engine.scope.at(step.path).holds(step.if)) return true;
  passStep(engine.state, step, `if: ${step.if}`, engine.now());
  return false;
}

async function perform(engine: Engine, step: Step, record: StepRecord): Promise<StepEnd> {
  if (step.window !== undefined) await waitForWindow(engine, step.window, record);
  switch (step.kind) {
    case 'uses':
      return runUses(engine, step, record);
    case 'approval':
      return runApproval(engine, step, record);
    case 'manual':
      return runManual(engine, step, record);
    case 'wait':
      return runWait(engine, step, record);
    case 'check':
      return runCheck(engine, step);
    case 'steps':
      await runSteps(engine, step.steps);
      return { outcome: worstOutcome(engine.state, step) };
    case 'parallel':
      return runParallel(engine, step, (branch) => runStep(engine, branch));
    case 'runbook':
      return runChild(engine, step, record);
    case 'forEach':
      return runForEach(engine, step, record, (block) => runStep(engine, block));
  }
}

/** The item of a loop is over, unless a block in it says otherwise. @throws IterationFailed */
function endItemByPolicy(engine: Engine, step: Step, failed: IterationFailed): true {
  const policy = failurePolicy(step, engine.state.identity.mode);
  if (policy === 'pause') throw failed;
  endRun(engine, policy);
  return true;
}

/** Ends a failed step when its policy does not ask people; the run goes on warned, or stops. */
function endByPolicy(engine: Engine, step: Step, record: StepRecord): boolean {
  const policy = failurePolicy(step, engine.state.identity.mode);
  if (policy === 'pause') {
    if (!isCollected(engine, step, record)) return false;
    failItem(engine, record);
    throw new IterationFailed();
  }
  endStep(
    engine.state,
    record,
    { outcome: 'failed', reason: record.failure?.message ?? 'failed' },
    engine.now(),
  );
  leaveChildren(engine, step, 'the step around it failed');
  endRun(engine, policy);
  return true;
}

/** What is in a step that has ended without it, and has not begun, is left out. */
function leaveChildren(engine: Engine, step: Step, reason: string): void {
  passPending(engine.state, engine.state.loops.childrenOf(step), reason, engine.now());
}

function endRun(engine: Engine, policy: FailurePolicy): void {
  if (policy === 'rollback') engine.state.rollingBack = true;
  if (policy === 'rollback' || policy === 'stop') engine.stop('failed');
}
