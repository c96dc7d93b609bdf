import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MusterError, type MusterErrorCode } from '../client/index.ts';
import { IdentityError, type IdentityCode } from '../identity/index.ts';
import { SecretError, StoreError } from '../store/index.ts';

/** An error as the API answers it (RFC 9457), with muster's own stable code. */
export const problemSchema = z.object({
  type: z.literal('about:blank'),
  status: z.int(),
  title: z.string(),
  code: z.string(),
  hint: z.string().optional(),
  diagnostics: z.array(z.unknown()).optional(),
});
export type Problem = z.output<typeof problemSchema>;

const BY_MUSTER_ERROR: Readonly<Record<MusterErrorCode, number>> = {
  'run.refused': 422,
  'run.notFound': 404,
  'run.ended': 409,
  'run.unanswered': 503,
  'run.broken': 409,
  'run.frozen': 423,
  'gate.notOpen': 409,
  'vote.refused': 422,
  'note.refused': 422,
  'note.notFound': 404,
  'finding.refused': 422,
  'finding.notFound': 404,
  'report.refused': 422,
  'evidence.runOpen': 409,
  'evidence.notRecorded': 404,
  'evidence.pruned': 410,
  'ledger.pruneAgain': 409,
  'ledger.held': 409,
  'ledger.notHeld': 409,
  'ledger.notHere': 409,
  'ledger.badOverlap': 422,
  'vote.needsPage': 403,
  'vote.unanswered': 202,
  'freeze.refused': 422,
  'freeze.notFound': 404,
  'schedule.notFound': 404,
  'secret.notFound': 404,
  'secret.gone': 410,
  'secret.usedUp': 409,
  'secret.inVault': 409,
  'server.unreachable': 502,
  'temporal.unreachable': 503,
  'temporal.refused': 502,
};

const BY_IDENTITY_ERROR: Partial<Readonly<Record<IdentityCode, number>>> = {
  'identity.notSignedIn': 401,
  'identity.notTrusted': 401,
  'identity.wrongCredentials': 401,
  'identity.throttled': 429,
  'identity.busy': 503,
  'identity.notAllowed': 403,
  'identity.noRole': 403,
  'identity.otherPerson': 403,
  'identity.notFresh': 403,
  'identity.unknownPerson': 404,
  'identity.noProvider': 404,
  'identity.providerUnavailable': 503,
};

/** What can be wrong with a request, whatever it asks for. Stable: callers read the code. docs/server.md lists them. */
export const HTTP_ERRORS = {
  'http.badRequest': 'The request is not what this address takes.',
  'http.foreignHost': 'The server is not known by the name in `Host`.',
  'http.foreignPage': 'A page of somebody else made the browser send it.',
  'http.notFound': 'There is no such address.',
  'http.tooLarge': 'The body is larger than anything that is asked.',
  'http.tooMany': 'This address has asked too often within a minute.',
  'http.internal': 'muster failed; the log of the server says why.',
} as const;
export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** An error of the API itself: the request is not what it takes. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: HttpErrorCode;
  constructor(status: number, code: HttpErrorCode, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What an error is to whoever asked. What is nobody's mistake but ours says no more than that. */
export function problemOf(error: unknown): Problem {
  const about = { type: 'about:blank' } as const;
  if (error instanceof HttpError) {
    return { ...about, status: error.status, title: error.message, code: error.code };
  }
  if (error instanceof MusterError) {
    const { code, message, hint, diagnostics } = error;
    return {
      ...about,
      status: BY_MUSTER_ERROR[code],
      title: message,
      code,
      ...(hint !== undefined && { hint }),
      ...(diagnostics.length > 0 && { diagnostics: [...diagnostics] }),
    };
  }
  if (error instanceof IdentityError) {
    const { code, message } = error;
    return { ...about, status: BY_IDENTITY_ERROR[code] ?? 400, title: message, code };
  }
  if (error instanceof SecretError) {
    return { ...about, status: 503, title: error.message, code: error.code };
  }
  if (error instanceof StoreError) {
    return { ...about, status: 503, title: 'The store cannot be used now.', code: error.code };
  }
  return ofFramework(error) ?? { ...about, status: 500, title: 'muster failed here.', code: 'http.internal' };
}

/** What the framework refused: a body that is no JSON, too large, of another shape. */
function ofFramework(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const status = Number(error.statusCode);
  if (!Number.isInteger(status) || status < 400 || status > 499) return undefined;
  const code = status === 429 ? 'http.tooMany' : status === 413 ? 'http.tooLarge' : 'http.badRequest';
  return { type: 'about:blank', status, title: error.message.slice(0, 500), code };
}

/** Answers an error; the log has it whole. */
export async function answerProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const problem = problemOf(error);
  if (problem.status >= 500) request.log.error({ err: error }, problem.title);
  if (error instanceof IdentityError && error.retryAfterMs !== undefined) {
    void reply.header('retry-after', Math.ceil(error.retryAfterMs / 1_000));
  }
  await reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}

/** Answers what is no request that could be read, and ends the connection: nobody knows what would come next on it. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, title] = BROKEN[error.code ?? ''] ?? [400, 'Bad Request'];
  const problem: Problem = { type: 'about:blank', status, title, code: 'http.badRequest' };
  const body = JSON.stringify(problem);
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} ${title}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
        `Content-Type: application/problem+json; charset=utf-8\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

const BROKEN: Readonly<Record<string, readonly [status: number, title: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};
