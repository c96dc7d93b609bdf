import type { FastifyInstance } from 'fastify';
import { delegateBody, delegation, delegationParams, delegations } from '../../client/people-wire.ts';
import type { HttpParts } from '../parts.ts';
import { musterOf, typed } from './typed.ts';

/** Who answers in whose place. */
export function delegationRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);

  api.get(
    '/delegations',
    { schema: { summary: 'Who answers in whose place.', response: { 200: delegations } } },
    async (request) => musterOf(request, parts).delegations(),
  );
  api.post(
    '/delegations',
    {
      schema: {
        summary: 'Let somebody answer gates in your place.',
        body: delegateBody,
        response: { 201: delegation },
      },
    },
    async (request, reply) => {
      const made = await musterOf(request, parts).delegate(request.body);
      return reply.code(201).send(made);
    },
  );
  api.post(
    '/delegations/:id/end',
    {
      schema: {
        summary: 'End a delegation at once.',
        params: delegationParams,
        response: { 200: delegation },
      },
    },
    async (request) => musterOf(request, parts).undelegate(request.params),
  );
}
