import type { Client } from '@temporalio/client';
import { defaultDataConverter } from '@temporalio/common';

/** The few parts of Temporal's client that control uses; the tests against a real server are elsewhere. */
export function fakeClient({
  workflow = {},
  handle = {},
}: {
  readonly workflow?: object;
  readonly handle?: object;
}): Client {
  return {
    workflow: { getHandle: () => handle, ...workflow },
    options: { loadedDataConverter: defaultDataConverter },
    withDeadline: (_deadline: number, act: () => Promise<unknown>) => act(),
    withAbortSignal: (_signal: AbortSignal, act: () => Promise<unknown>) => act(),
  } as unknown as Client;
}

/** An error as Temporal's client throws it for a gRPC status. */
export function grpcError(code: number, details = ''): Error {
  const cause = Object.assign(new Error(details), { code, details, metadata: {} });
  return new Error('Failed', { cause });
}

export const UNAVAILABLE = 14;
export const DEADLINE_EXCEEDED = 4;
export const FAILED_PRECONDITION = 9;
