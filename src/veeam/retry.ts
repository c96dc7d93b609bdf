import type { VeeamError } from './errors.ts';

/** Three attempts ride out a restart of a proxy; more would only hide an outage from the caller. */
const MAX_ATTEMPTS = 3;

/** A server that says "retry after 0 seconds" still gets a breath: no hot loops. */
const MIN_WAIT_MS = 50;

/** Failures of the server that will be the same next time: not implemented, version not supported. */
const LASTING_SERVER_ERRORS = new Set([501, 505]);

type Failure = {
  readonly error: VeeamError;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly remainingMs: number;
  readonly backoffMs: number;
};

/**
 * Decides whether a failed attempt is repeated: the pause before the next one in milliseconds, or undefined
 * to give up. (A 401 is not decided here: see caller.ts.)
 */
export function repeatAfterMs({ error, attempt, remainingMs, backoffMs }: Failure): number | undefined {
  if (attempt >= MAX_ATTEMPTS) return undefined;

  const waitMs = pause({ error, attempt, backoffMs });

  // A pause that outlasts the deadline helps nobody: the caller learns at once, with `retryAfterMs`.
  return waitMs !== undefined && waitMs < remainingMs ? waitMs : undefined;
}

function pause({ error, attempt, backoffMs }: Omit<Failure, 'remainingMs'>): number | undefined {
  const backoff = Math.max(MIN_WAIT_MS, backoffMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2));

  // Veeam's APIs take no idempotency key. A command that may have arrived is never sent again.
  if (error.effect === 'unclear') return undefined;

  // No byte was sent.
  if (error.code === 'veeam.unreachable') return backoff;

  // A proxy that says no (4xx) will say it again; one that fails may recover.
  if (error.code === 'veeam.proxy') return (error.status ?? 500) < 500 ? undefined : backoff;

  // The server says when, to this call or to another one. Its word counts, capped; without it our own pause does.
  if (error.code === 'veeam.throttled') return Math.max(MIN_WAIT_MS, error.retryAfterMs ?? backoff);

  // The connection broke or the answer stalled; reading (or logging in) again is harmless.
  if (error.code === 'veeam.connectionLost' || error.code === 'veeam.timeout') return backoff;

  // The server failed. Some failures pass, some are its final word.
  if (error.code === 'veeam.serverError') {
    return LASTING_SERVER_ERRORS.has(error.status ?? 0) ? undefined : backoff;
  }

  // Everything else (refused, cancelled, not trusted, not what was promised) would come out the same.
  return undefined;
}
