import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  eventsQuery,
  identityEvents,
  peopleList,
  personParams,
  revokeBody,
} from '../../client/people-wire.ts';
import type { HttpParts } from '../parts.ts';
import { musterOf, typed } from './typed.ts';

/** Who there is. */
export function peopleRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);

  api.get(
    '/people',
    { schema: { summary: 'Who there is, with which roles.', response: { 200: peopleList } } },
    async (request) => musterOf(request, parts).people.list(),
  );
  api.post(
    '/people/:person/revoke',
    {
      schema: {
        summary: 'Take everything from somebody at once.',
        params: personParams,
        body: revokeBody,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await musterOf(request, parts).people.revoke({ ...request.params, ...request.body });
      return reply.code(204).send(null);
    },
  );
  api.post(
    '/people/:person/reinstate',
    {
      schema: {
        summary: 'Let somebody in again. Their sessions and tokens stay ended.',
        params: personParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await musterOf(request, parts).people.reinstate(request.params);
      return reply.code(204).send(null);
    },
  );
  api.get(
    '/people-events',
    {
      schema: {
        summary: 'The record of sign-ins, tokens and revocations, newest first.',
        querystring: eventsQuery,
        response: { 200: identityEvents },
      },
    },
    async (request) => musterOf(request, parts).people.events(request.query),
  );
}
