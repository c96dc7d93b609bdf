import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope } from '@temporalio/workflow';
import type { StepRecord } from '../../src/model/run.ts';
import type { ParallelStep, Step } from '../../src/model/runbook.ts';
import { BRANCH_FAILED, isItemFailed } from '../collect.ts';
import type { Engine } from '../engine.ts';
import { BranchStopped, IterationFailed } from '../interruption.ts';
import { inLanes } from '../lanes.ts';
import { passPending, worstOutcome, type StepEnd } from '../records.ts';

/**
 * Runs branches side by side and waits for all of them. With `failFast` the first that fails ends the others: what waits
 * or watches ends at once, a command that is being sent is brought to its end.
 *
 * @throws Suspended, Stopped; ApplicationFailure `step.branchFailed`
 */
export async function runParallel(
  engine: Engine,
  step: ParallelStep,
  runBranch: (branch: Step) => Promise<void>,
): Promise<StepEnd> {
  const { branches, maxConcurrency = branches.length, failFast = false } = step;
  const lanes = { things: branches, atOnce: maxConcurrency };
  if (!failFast) {
    await inLanes(engine.hold, lanes, runBranch);
    return { outcome: worstOutcome(engine.state, step) };
  }
  const together = new CancellationScope();
  // A branch that failed and was passed, as its `onFailure` says, ends nothing.
  const failed = (): StepRecord | undefined => {
    const broken = branches.find((branch) => isItemFailed(engine, branch, engine.state.record(branch.path)));
    return broken && engine.state.record(broken.path);
  };
  const one = async (branch: Step): Promise<void> => {
    try {
      if (failed() === undefined) await runBranch(branch);
    } catch (error) {
      // Stopped together with the step that this one stands in: that is no business of this one.
      const isOver = error instanceof BranchStopped || error instanceof IterationFailed;
      if (!isOver || failed() === undefined) throw error;
    }
    if (failed() !== undefined) together.cancel();
  };
  try {
    await together.run(() => inLanes(engine.hold, lanes, one));
  } finally {
    engine.interruption.leave(together);
  }
  const broken = failed();
  if (broken === undefined) return { outcome: worstOutcome(engine.state, step) };
  passPending(engine.state, branches, BRANCH_FAILED, engine.now());
  throw ApplicationFailure.create({
    message: `The branch ${broken.path} failed (${broken.reason ?? broken.failure?.message ?? 'no reason'}), and the others were ended.`,
    type: 'step.branchFailed',
    nonRetryable: true,
    details: [{ branch: broken.path }],
  });
}
