import { FAILURE_CODES, type FailureCode, type StepFailure } from '../src/model/failure.ts';
import type { JsonObject } from '../src/model/json.ts';
import { isUnwritable, SecretError, StoreError } from '../src/store/index.ts';
import { VeeamError } from '../src/veeam/index.ts';

/** Longest message that goes into history. */
const MAX_MESSAGE = 2_000;

/** Codes after which trying again may help by itself. Everything else waits for a person, or is certain. */
const PASSING: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'step.storeAway',
  'veeam.unreachable',
  'veeam.proxy',
  'veeam.circuitOpen',
  'veeam.timeout',
  'veeam.connectionLost',
  'veeam.throttled',
  'veeam.serverError',
  'veeam.busy',
]);

/** A step's failure on its way through an activity; activities/failure.ts hands it to Temporal. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly code: FailureCode;
  readonly details: JsonObject | undefined;
  /** Whether Temporal may try the activity again. Commands never are, whatever this says. */
  readonly passing: boolean;
  /** The server's own wish, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: FailureCode,
    message: string = FAILURE_CODES[code],
    {
      details,
      cause,
      passing = PASSING.has(code),
      retryAfterMs,
    }: { details?: JsonObject; cause?: unknown; passing?: boolean; retryAfterMs?: number | undefined } = {},
  ) {
    super(message.slice(0, MAX_MESSAGE), { cause });
    this.code = code;
    this.details = details;
    this.passing = passing;
    this.retryAfterMs = retryAfterMs;
  }

  get failure(): StepFailure {
    return {
      code: this.code,
      message: this.message,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/** What an error of a layer below means for the step; errors that mean nothing to a runbook are bugs. */
export function toStepError(error: unknown): StepError {
  if (error instanceof StepError) return error;
  if (error instanceof VeeamError) {
    const { code, connection, call, status, retryAfterMs } = error;
    return new StepError(code, error.message, {
      cause: error,
      retryAfterMs,
      details: { connection, call, ...(status === undefined ? {} : { status }) },
    });
  }
  // Without its memory muster must not act; the store may come back.
  if (isUnwritable(error)) return new StepError('step.storeAway', error.message, { cause: error });
  if (error instanceof StoreError) return new StepError('step.internal', error.message, { cause: error });
  if (error instanceof SecretError) {
    const { code, message } = error;
    return new StepError('secret.unavailable', message, { cause: error, details: { code } });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new StepError('step.internal', `muster failed here: ${message}`, { cause: error });
}
