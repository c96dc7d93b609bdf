import {
  ActivityCancellationType,
  workflowInfo,
  type ActivityOptions,
  type LocalActivityOptions,
} from '@temporalio/workflow';
import { watchQueueOf } from './messages.ts';

/**
 * A worker that dies is noticed after this long. Heartbeats leave the worker at most once a second (worker options),
 * so cancellation and progress are a second old at most, and ten missed ones are no accident.
 */
const HEARTBEAT_TIMEOUT = '10s';

/** Reads a document of the store within one workflow task: a millisecond of work, one event. */
export const LOCAL_LOAD: LocalActivityOptions = {
  startToCloseTimeout: '5s',
  // A store that is away comes back; a document that is not there never will (not retryable). Counted in tries: a time
  // for all of them does not end what is tried again and again (SDK 1.24).
  retry: { initialInterval: '200ms', maximumInterval: '1s', maximumAttempts: 5 },
};

/** Enters something in the ledger within the workflow task, as runs from before do: quick, or not now. */
export const LOCAL_RECORD: LocalActivityOptions = {
  scheduleToCloseTimeout: '3s',
  retry: { maximumAttempts: 1 },
};

/** Enters something in the ledger: quick, or it is told why not, and tried again. */
export const RECORD: ActivityOptions = {
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
};

/** Gates and votes: quick, and a run cannot go on without them, so they are tried until they work. */
export const ENGINE: ActivityOptions = {
  startToCloseTimeout: '30s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
};

/** A read changes nothing: tried again on whatever passes (the activity says what does not), given up in time. */
export function readOptions(timeoutMs: number): ActivityOptions {
  return {
    // One try is cut off early enough that a hanging server leaves time for others.
    startToCloseTimeout: Math.min(timeoutMs, 30_000),
    scheduleToCloseTimeout: timeoutMs,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '15s' },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  };
}

/** A read within the workflow task: one event instead of six, if it is quick. What is not is done as a read of its own. */
export const QUICK_READ: LocalActivityOptions = {
  scheduleToCloseTimeout: '1s',
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
};

/** Longer than a channel is given for a try, so that it is the activity that says what happened. */
const NOTIFY_TRY = '20s';

/**
 * Telling people: tried a few times, longer apart each time or as far apart as the channel asks, and given up in its time.
 * A run that stops, or continues as new, does not wait for it.
 */
export function notifyOptions(timeoutMs: number): ActivityOptions {
  return {
    startToCloseTimeout: NOTIFY_TRY,
    scheduleToCloseTimeout: timeoutMs,
    retry: { initialInterval: '1s', backoffCoefficient: 3, maximumInterval: '30s', maximumAttempts: 5 },
    cancellationType: ActivityCancellationType.ABANDON,
  };
}

/** A schedule's drill may begin some minutes late (the store or Temporal was away), and is given up after that. */
export const LAUNCH: ActivityOptions = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '15m',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
};

/** Telling people about a gate: nobody waits for it, and late is better than never, but not for a gate of yesterday. */
export const TELL: ActivityOptions = {
  startToCloseTimeout: NOTIFY_TRY,
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '1s', backoffCoefficient: 3, maximumInterval: '30s' },
  cancellationType: ActivityCancellationType.ABANDON,
};

/** A watch or a repeated read: hours long, on its own queue, taken up by another worker when one is lost. */
export function pollOptions(timeoutMs: number): ActivityOptions {
  return {
    taskQueue: watchQueueOf(workflowInfo().taskQueue),
    scheduleToCloseTimeout: timeoutMs,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { initialInterval: '1s', backoffCoefficient: 1 },
    // It reads only: leaving it behind does no harm, and stopping must not wait for it.
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  };
}

/** A command acts once. Whatever is unclear afterwards is resolved by looking, never by trying again. */
export const COMMAND: ActivityOptions = {
  startToCloseTimeout: '5m',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** Looking for the effect of a lost command: reads, but must outlast a server that is away for a while. */
export const RESOLVE: ActivityOptions = {
  startToCloseTimeout: '10m',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '15s' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
};
