import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { ExpressionError } from '../src/model/expression.ts';
import { isFailureCode, type FailureCode, type StepFailure } from '../src/model/failure.ts';
import { isJsonObject } from '../src/model/json.ts';

const UNRECORDED: FailureCode = 'effect.unrecorded';
/** Types of what the SDK makes of an activity that it stopped itself, in the middle. */
const STOPPED_BY_SDK: readonly unknown[] = ['WorkerShutdown', 'ActivityReset', 'ActivityPause'];

/** The failure that an activity, an expression or a time-out means for the step. Bugs are thrown on. */
export function failureOf(error: unknown): StepFailure {
  if (error instanceof ExpressionError) return { code: 'step.expressionFailed', message: error.message };
  if (error instanceof ActivityFailure) {
    const { cause } = error;
    if (cause instanceof ApplicationFailure) return applicationFailure(cause);
    if (cause instanceof TimeoutFailure) return timeoutFailure(cause);
  }
  // What a local activity throws comes bare when it is replayed.
  if (error instanceof ApplicationFailure) return applicationFailure(error);
  if (error instanceof TimeoutFailure) return timeoutFailure(error);
  throw error;
}

/**
 * Whether nobody can say what the worker did with a command: it was lost or stopped, it took longer than it may, or it could
 * not write it down.
 */
export function isLost(error: unknown): boolean {
  if (!(error instanceof ActivityFailure)) return false;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) {
    return cause.type === UNRECORDED || STOPPED_BY_SDK.includes(cause.type);
  }
  return cause instanceof TimeoutFailure || cause instanceof CancelledFailure;
}

/**
 * Whether another try may do better: there was no answer in time, or the activity says that its reason may pass. What a local
 * activity throws is wrapped like that of others when it happens, and bare when it is replayed.
 */
export function isPassing(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return (
    cause instanceof TimeoutFailure || (cause instanceof ApplicationFailure && cause.nonRetryable !== true)
  );
}

function applicationFailure({ type, message, details }: ApplicationFailure): StepFailure {
  const facts: unknown = details?.[0];
  return {
    code: isFailureCode(type) ? type : 'step.internal',
    message,
    ...(isJsonObject(facts) ? { details: facts } : {}),
  };
}

/** A read that was tried until its time was over failed for the reason of its last try. */
function timeoutFailure({ cause }: TimeoutFailure): StepFailure {
  if (cause instanceof ApplicationFailure) return applicationFailure(cause);
  return { code: 'step.timeout', message: 'The step was not done in its time.' };
}
