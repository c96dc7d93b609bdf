import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { ExpressionError } from '../src/model/expression.ts';
import { isFailureCode, type StepFailure } from '../src/model/failure.ts';
import { isJsonObject } from '../src/model/json.ts';

/** The failure that an activity, an expression or a time-out means for the step. Bugs are thrown on. */
export function failureOf(error: unknown): StepFailure {
  if (error instanceof ExpressionError) return { code: 'step.expressionFailed', message: error.message };
  if (error instanceof ActivityFailure) {
    const { cause } = error;
    if (cause instanceof ApplicationFailure) return applicationFailure(cause);
    if (cause instanceof TimeoutFailure) return timeoutFailure(cause);
  }
  if (error instanceof ApplicationFailure) return applicationFailure(error);
  throw error;
}

/** Whether nobody can say what the worker did: it was lost, or it took longer than it may. */
export function isLost(error: unknown): boolean {
  return error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
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
