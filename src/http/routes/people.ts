import type { FastifyInstance } from 'fastify';
import { eventsQuery, personParams, revokeBody } from '../../client/people-wire.ts';
import type { HttpParts } from '../parts.ts';
import { musterOf, typed } from './typed.ts';

/** Who there is. */
export function peopleRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);

  api.get('/people', { schema: { summary: 'Who there is, with which roles.' } }, async (request) =>
    (await musterOf(request, parts)).people.list(),
  );
  api.post(
    '/people/:person/revoke',
    {
      schema: { summary: 'Take everything from somebody at once.', params: personParams, body: revokeBody },
    },
    async (request, reply) => {
      await (await musterOf(request, parts)).people.revoke({ ...request.params, ...request.body });
      return reply.code(204).send();
    },
  );
  api.post(
    '/people/:person/reinstate',
    {
      schema: {
        summary: 'Let somebody in again. Their sessions and tokens stay ended.',
        params: personParams,
      },
    },
    async (request, reply) => {
      await (await musterOf(request, parts)).people.reinstate(request.params);
      return reply.code(204).send();
    },
  );
  api.get(
    '/people-events',
    {
      schema: {
        summary: 'The record of sign-ins, tokens and revocations, newest first.',
        querystring: eventsQuery,
      },
    },
    async (request) => (await musterOf(request, parts)).people.events(request.query),
  );
}
