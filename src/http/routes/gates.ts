import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { needsPage } from '../../client/needs-page.ts';
import { card, inboxGates, verdict } from '../../client/wire-answers.ts';
import { cardQuery, runId, voteBody } from '../../client/wire.ts';
import { ownOrigin } from '../own-host.ts';
import type { HttpParts } from '../parts.ts';
import { actorOf } from '../session.ts';
import { musterOf, typed } from './typed.ts';

const params = z.object({ runId });

/** What waits for people, and their answers. */
export function gateRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);

  api.get(
    '/inbox',
    {
      schema: {
        summary: 'The gates of all runs that wait for people, oldest first.',
        response: { 200: inboxGates },
      },
    },
    async (request) => musterOf(request, parts).inbox(),
  );
  api.get(
    '/runs/:runId/card',
    {
      schema: {
        summary: 'What somebody has to know before they answer a gate.',
        params,
        querystring: cardQuery,
        response: { 200: card },
      },
    },
    async (request) => musterOf(request, parts).card({ ...request.params, ...request.query }),
  );
  api.post(
    '/runs/:runId/votes',
    {
      schema: {
        summary: 'Answer a gate: an approval, a manual step, or what to do about a failed step.',
        params,
        body: voteBody,
        response: { 200: verdict },
      },
    },
    async (request) => {
      if (parts.needsProof(actorOf(request))) {
        throw needsPage({ ...request.params, ...request.body }, ownOrigin(request, parts));
      }
      return musterOf(request, parts).vote({ ...request.params, ...request.body });
    },
  );
}
