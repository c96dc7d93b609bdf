import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/client';
import { ControlError } from './errors.ts';

/** gRPC status codes, by their numbers in the protocol. */
const GRPC = { deadlineExceeded: 4, resourceExhausted: 8, failedPrecondition: 9, unavailable: 14 } as const;

/** What was being done: a query is answered by a worker, everything else by the server itself. */
export type CallKind = 'server' | 'query';

/** Makes a ControlError of what Temporal's client throws. What it does not know is handed back as it is. */
export function translateError(error: unknown, kind: CallKind): unknown {
  if (error instanceof ControlError) return error;
  if (error instanceof WorkflowNotFoundError) {
    return new ControlError('run.notFound', undefined, { cause: error });
  }
  if (error instanceof WorkflowExecutionAlreadyStartedError) {
    return new ControlError('run.exists', undefined, { cause: error });
  }
  if (error instanceof WorkflowFailedError) {
    const why = error.cause?.message ?? error.message;
    return new ControlError('run.broken', `The run was ended from outside, or broke: ${why}`, {
      cause: error,
    });
  }
  // Not a run of muster, or the worker is of another make.
  if (error instanceof QueryNotRegisteredError) {
    return new ControlError('run.unanswered', undefined, { cause: error });
  }
  const grpc = grpcErrorIn(error);
  if (grpc === undefined) return error;
  switch (grpc.code) {
    case GRPC.unavailable:
      return new ControlError('temporal.unreachable', unreachable(grpc), { cause: error });
    case GRPC.deadlineExceeded:
      return new ControlError(kind === 'query' ? 'run.unanswered' : 'temporal.unreachable', undefined, {
        cause: error,
      });
    case GRPC.failedPrecondition:
    case GRPC.resourceExhausted:
      // "no poller seen for task queue recently", or too many questions that nobody has answered yet.
      if (kind === 'query') return new ControlError('run.unanswered', undefined, { cause: error });
      break;
    default:
  }
  const message = `The Temporal server refused the request: ${grpc.details}`;
  return new ControlError('temporal.refused', message, { cause: error });
}

/** With the reason, where there is one: a certificate that is not trusted looks like a server that is away. */
function unreachable({ details }: { readonly details: string }): string | undefined {
  return details === '' ? undefined : `The Temporal server cannot be reached: ${details}`;
}

function grpcErrorIn(error: unknown): { readonly code: number; readonly details: string } | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (isGrpcServiceError(at)) return { code: at.code, details: at.details };
    // A connection that never came up throws a plain error of Node.
    if ('code' in at && (at.code === 'ECONNREFUSED' || at.code === 'ENOTFOUND')) {
      return { code: GRPC.unavailable, details: at.message };
    }
  }
  return undefined;
}
