import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { revealedSecret, rewrapped, secretRecords } from '../../client/wire-answers.ts';
import { secretId, secretsQuery } from '../../client/wire.ts';
import type { HttpParts } from '../parts.ts';
import { musterOf, typed } from './typed.ts';

/**
 * Secrets that runs were given. Revealing is a POST: it counts, and no page, proxy or history asks for it by itself. No
 * answer of this server is kept by anybody (`cache-control: no-store`), and no body is logged.
 */
export function secretRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);
  api.get(
    '/secrets',
    {
      schema: {
        summary: 'Secrets that runs were given, without what they say.',
        querystring: secretsQuery,
        response: { 200: secretRecords },
      },
    },
    async (request) => {
      const { run } = request.query;
      return musterOf(request, parts).secrets.list(run === undefined ? {} : { runId: run });
    },
  );
  api.post(
    '/secrets/:id/reveal',
    {
      schema: {
        summary: 'Shows a secret to one of those it is for. It counts, and is entered in the ledger.',
        params: z.object({ id: secretId }),
        response: { 200: revealedSecret },
      },
    },
    async (request, reply) => {
      const revealed = await musterOf(request, parts).secrets.reveal(request.params);
      return reply.header('cache-control', 'no-store').send(revealed);
    },
  );
  api.post(
    '/secrets/rewrap',
    {
      schema: {
        summary: 'Puts the keys of all secrets under the newest key.',
        response: { 200: rewrapped },
      },
    },
    async (request) => musterOf(request, parts).secrets.rewrap(),
  );
}
