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

type Retry = ReturnType<typeof makeGrpcRetryInterceptor>;
type NextCall = Parameters<Retry>[1];
type Call = ReturnType<NextCall>;

/** As gRPC numbers it. */
const CANCELLED = 1;

/** A connection that is made at the first call, and that says soon when there is no server. */
export function lazyConnection(options: Omit<ConnectionOptions, 'interceptors'>): Connection {
  const retry = makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: ATTEMPTS }));
  const interceptor: Retry = (call, next) => retry(call, orGone(next));
  return Connection.lazy({ ...options, interceptors: [interceptor] });
}

/**
 * A call that fails when its connection was closed meanwhile. Temporal's interceptor tries again in a timer, where what gRPC throws then
 * would end the process.
 */
function orGone(next: NextCall): NextCall {
  return (options) => {
    try {
      return next(options);
    } catch (error) {
      return failedCall(error instanceof Error ? error.message : String(error));
    }
  };
}

function failedCall(details: string): Call {
  const nothing = (): void => undefined;
  return {
    start(metadata, listener) {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- not one package more, for one number
      queueMicrotask(() => listener?.onReceiveStatus?.({ code: CANCELLED, details, metadata }));
    },
    sendMessage: nothing,
    sendMessageWithContext: nothing,
    startRead: nothing,
    halfClose: nothing,
    cancelWithStatus: nothing,
    getPeer: () => '',
    getAuthContext: () => null,
  };
}
