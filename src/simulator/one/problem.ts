import type { FastifyReply, FastifyRequest } from 'fastify';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
};

/** Answers ProblemDetails as Veeam ONE does. `title` defaults to the status's name. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  detail: string,
  title = TITLES[status] ?? 'An error occurred while processing the request',
): FastifyReply {
  const [instance] = request.url.split('?');
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .send({ type: 'about:blank', title, status, detail, instance });
}
