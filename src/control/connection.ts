import {
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client';

/**
 * Enough for a server that is just restarting, about a second in all. Temporal's own ten attempts make a person wait
 * for a quarter of a minute to hear that nobody is there; whoever watches a run tries again anyway.
 */
const ATTEMPTS = 4;

/** A connection that is made at the first call, and that says soon when there is no server. */
export function lazyConnection(options: Omit<ConnectionOptions, 'interceptors'>): Connection {
  const retry = makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: ATTEMPTS }));
  return Connection.lazy({ ...options, interceptors: [retry] });
}
