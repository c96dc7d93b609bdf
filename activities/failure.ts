import { CancelledFailure, ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { StepError, toStepError } from './step-error.ts';

/**
 * The one border where errors become Temporal failures: `type` is muster's failure code, the facts are its first
 * detail. Causes stay here: their stacks and messages are the worker's business.
 */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // What became of a command is worth more than that its worker is to stop.
    const isOfEffect = error instanceof StepError && error.code.startsWith('effect.');
    if (!isOfEffect && (error instanceof CancelledFailure || Context.current().cancellationSignal.aborted)) {
      throw error instanceof CancelledFailure ? error : new CancelledFailure('cancelled');
    }
    const { code, message, details, passing, retryAfterMs } = toStepError(error);
    throw ApplicationFailure.create({
      type: code,
      message,
      nonRetryable: !passing,
      ...(details === undefined ? {} : { details: [details] }),
      ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
    });
  }
}
