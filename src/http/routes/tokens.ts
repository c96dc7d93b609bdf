import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listedTokens, madeToken, tokenBody, tokenParams, tokensQuery } from '../../client/people-wire.ts';
import type { HttpParts } from '../parts.ts';
import { musterOf, typed } from './typed.ts';

/** API tokens. */
export function tokenRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);

  api.get(
    '/tokens',
    {
      schema: {
        summary: 'Your API tokens, or those of everybody.',
        querystring: tokensQuery,
        response: { 200: listedTokens },
      },
    },
    async (request) => musterOf(request, parts).tokens.list(request.query),
  );
  api.post(
    '/tokens',
    {
      schema: {
        summary: 'Make an API token. It is shown this once.',
        body: tokenBody,
        response: { 201: madeToken },
      },
    },
    async (request, reply) => {
      const made = await musterOf(request, parts).tokens.make(request.body);
      return reply.code(201).header('cache-control', 'no-store').send(made);
    },
  );
  api.post(
    '/tokens/:id/end',
    { schema: { summary: 'End an API token at once.', params: tokenParams, response: { 204: z.null() } } },
    async (request, reply) => {
      await musterOf(request, parts).tokens.end(request.params);
      return reply.code(204).send(null);
    },
  );
}
