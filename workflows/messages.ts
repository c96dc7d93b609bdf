import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Carried, StepRecord, Timeline, TimelineQuery } from '../src/model/run.ts';
import type { Verdict } from '../src/model/vote.ts';

/** The workflow type of a run. */
export const RUNBOOK_WORKFLOW = 'runbook';
/** The workflow type of what a schedule starts. */
export const LAUNCH_WORKFLOW = 'launch';
/** The queue of a run and its activities. */
export const TASK_QUEUE = 'muster';

/** Watches last for hours: on a queue of their own beside the run's they never starve a halt or a vote. */
export function watchQueueOf(taskQueue: string): string {
  return `${taskQueue}-watch`;
}

/** Search attributes of a run, all keywords. `MusterWaiting` names the gate that waits for people, or is `-`. */
export const SEARCH_ATTRIBUTES = ['MusterRunbook', 'MusterMode', 'MusterOutcome', 'MusterWaiting'] as const;

/** A signed answer to a gate. It is queued, verified in order, and answered by the `verdict` query. */
export const voteSignal = defineSignal<[{ readonly jws: string }]>('vote');

/** A signed request to stop the run; cleanup and always still run. Its envelope is a vote with decision `cancel`. */
export const cancelSignal = defineSignal<[{ readonly jws: string }]>('cancel');

/** Nothing but a nudge: what is held back by a freeze looks at once whether it still is. It is worth nothing to a forger. */
export const wakeSignal = defineSignal('wake');

/** A page of the run as it stands. */
export const timelineQuery = defineQuery<Timeline, [TimelineQuery]>('timeline');

/** What another run needs to go on with this one. */
export const carriedQuery = defineQuery<Carried>('carried');

/** One step of the run, whole. */
export const stepQuery = defineQuery<StepRecord | null, [{ readonly path: string }]>('step');

/** What became of a vote; null while it waits to be verified, or when it is not known (any more). */
export const verdictQuery = defineQuery<Verdict | null, [{ readonly id: string }]>('verdict');
