import type { FastifyReply } from 'fastify';

/** The error codes of VBR's `Error` body. */
export type VbrErrorCode =
  | 'AccessDenied'
  | 'ExpiredToken'
  | 'InvalidToken'
  | 'InvalidURI'
  | 'NotFound'
  | 'UnexpectedContent'
  | 'UnknownError';

/** Answers an `Error` as VBR does. */
export function sendProblem(
  reply: FastifyReply,
  status: number,
  errorCode: VbrErrorCode,
  message: string,
): FastifyReply {
  return reply.code(status).send({ errorCode, message });
}
