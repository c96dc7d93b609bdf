import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

/** One call; the server answers within milliseconds once it is up. */
const CALL_LIMIT_MS = 2_000;
const ASK_EVERY_MS = 50;

/** How long a closed run can still be looked at in Temporal: a month covers the questions after a drill. */
export const RETENTION_DAYS = 30;
const RETENTION_SECONDS = RETENTION_DAYS * 24 * 3_600;

/** gRPC retries a refused connection after 1 s by default: most of a whole start. */
const CHANNEL_ARGS = { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 250 };

/**
 * Waits until the server answers for the namespace, and sets how long the namespace keeps closed runs. Rejects with
 * the signal's reason.
 */
export async function waitUntilReady({
  address,
  namespace,
  signal,
}: {
  address: string;
  namespace: string;
  signal: AbortSignal;
}): Promise<void> {
  // Without the client's own retries, which wait longer and longer: a start is over within a second.
  const connection = Connection.lazy({ address, channelArgs: CHANNEL_ARGS, interceptors: [] });
  // A signal of its own for each call: the client never takes its listeners off, and a slow start asks many times.
  const ask = <T>(call: () => Promise<T>) =>
    connection.withAbortSignal(AbortSignal.any([signal]), () =>
      connection.withDeadline(Date.now() + CALL_LIMIT_MS, call),
    );
  const service = connection.workflowService;
  try {
    for (;;) {
      signal.throwIfAborted();
      try {
        const { config } = await ask(() => service.describeNamespace({ namespace }));
        if (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) !== RETENTION_SECONDS) {
          const ttl = { workflowExecutionRetentionTtl: msToTs(RETENTION_SECONDS * 1_000) };
          await ask(() => service.updateNamespace({ namespace, config: ttl }));
        }
        return;
      } catch {
        // Not up yet, or its namespace not made yet: whoever waits has the deadline.
        await delay(ASK_EVERY_MS, undefined, { signal: AbortSignal.any([signal]) });
      }
    }
  } finally {
    await connection.close();
  }
}
