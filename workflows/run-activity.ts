import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActionInput, ActionResult } from '../activities/contract.ts';
import { QUICK_READ } from './activity-options.ts';

const QUICK_READS =
  proxyLocalActivities<Record<string, (input: ActionInput) => Promise<ActionResult>>>(QUICK_READ);

/**
 * Runs an activity by its name on the queue, which is the action's. Not async, like all that only hands on here: the
 * sandbox pays for every promise of every step.
 */
export function run<Activity extends (input: never) => Promise<unknown>>(
  name: string,
  options: Parameters<typeof proxyActivities>[0],
  input: Parameters<Activity>[0],
): Promise<Awaited<ReturnType<Activity>>> {
  const activity = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>(options)[name];
  if (activity === undefined) throw new Error(`no activity ${name}`);
  return activity(input) as Promise<Awaited<ReturnType<Activity>>>;
}

/** A read within the workflow task, by its action. */
export function readQuickly(input: ActionInput): Promise<ActionResult> {
  const activity = QUICK_READS[input.action];
  if (activity === undefined) throw new Error(`no activity ${input.action}`);
  return activity(input);
}
