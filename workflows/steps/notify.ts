import { proxyActivities } from '@temporalio/workflow';
import type { ActionInput, ActionResult } from '../../activities/contract.ts';
import type { StepRecord } from '../../src/model/run.ts';
import type { UsesStep } from '../../src/model/runbook.ts';
import { notifyOptions } from '../activity-options.ts';
import type { Engine } from '../engine.ts';
import { failureOf } from '../failure.ts';
import { isInterruption } from '../interruption.ts';
import type { StepEnd } from '../records.ts';
import { isFrozen } from '../thaw.ts';
import { actionInput, renderedWith } from './command.ts';

/** Tells people. Whatever keeps it from that is no reason to stop: the step ends warned and says why. */
export async function runNotify(engine: Engine, step: UsesStep, record: StepRecord): Promise<StepEnd> {
  try {
    const input = actionInput(engine, step, record, renderedWith(engine, step, record));
    // Interrupted like a read: what was on its way may arrive all the same.
    const {
      output,
      outcome = 'succeeded',
      note,
    } = await engine.interruption.interruptible(() => tell(step, input));
    return { outcome, output, ...(note === undefined ? {} : { reason: note }) };
  } catch (error) {
    // What is frozen has told nobody yet, and does when it may.
    if (isInterruption(error) || isFrozen(error)) throw error;
    const { message } = failureOf(error);
    return { outcome: 'warned', output: { delivered: false }, reason: `nobody was told: ${message}` };
  }
}

function tell({ timeoutMs, action }: UsesStep, input: ActionInput): Promise<ActionResult> {
  const activities = proxyActivities<Record<string, (input: ActionInput) => Promise<ActionResult>>>(
    notifyOptions(timeoutMs ?? action.timeoutMs),
  );
  const activity = activities[input.action];
  if (activity === undefined) throw new Error(`no activity ${input.action}`);
  return activity(input);
}
