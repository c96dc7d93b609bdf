import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { MusterError } from '../../client/index.ts';
import { breakGlassBody, spokenAnswer, spokenBody } from '../../client/emergency-wire.ts';
import { verdict } from '../../client/wire-answers.ts';
import { runId } from '../../client/wire.ts';
import type { Actor } from '../../model/actor.ts';
import type { HttpParts } from '../parts.ts';
import { actorOf } from '../session.ts';
import { musterOf, typed } from './typed.ts';

const params = z.object({ runId });

/** How people answer when the usual way is on fire. */
export function emergencyRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);

  api.post(
    '/runs/:runId/spoken-votes',
    {
      schema: {
        summary:
          'Enter what an approver has said on the phone; it counts when a second witness enters the same.',
        params,
        body: spokenBody,
        response: { 200: spokenAnswer },
      },
    },
    async (request) => musterOf(request, parts).spoken({ ...request.params, ...request.body }),
  );
  api.post(
    '/runs/:runId/break-glass',
    {
      schema: {
        summary: 'Approve alone, as a deviation that everybody is told of.',
        params,
        body: breakGlassBody,
        response: { 200: verdict },
      },
    },
    async (request) => {
      assertNeedsNoProof(actorOf(request), parts);
      return musterOf(request, parts).breakGlass({ ...request.params, ...request.body });
    },
  );
}

/**
 * Whoever proves each vote at the identity provider can prove this one no more than others when that is away.
 *
 * @throws MusterError `vote.needsPage`
 */
export function assertNeedsNoProof(actor: Actor, { needsProof }: Pick<HttpParts, 'needsProof'>): void {
  if (!needsProof(actor)) return;
  throw new MusterError('vote.needsPage', 'Your answers are proven at the identity provider.', {
    hint: 'To approve alone without it, sign in with a break-glass account.',
  });
}
