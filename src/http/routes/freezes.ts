import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { typedLine } from '../../client/typed-text.ts';
import { freezeBody } from '../../client/wire.ts';
import { freezes, frozen } from '../../client/wire-answers.ts';
import type { HttpParts } from '../parts.ts';
import { musterOf, typed } from './typed.ts';

/** The kill switch. */
export function freezeRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);

  api.get(
    '/freezes',
    { schema: { summary: 'What is frozen now, or will be.', response: { 200: freezes } } },
    async (request) => await musterOf(request, parts).freezes(),
  );
  api.post(
    '/freezes',
    {
      schema: {
        summary: 'Stop everything, or what belongs to a runbook, a connection or a mode.',
        body: freezeBody,
        response: { 201: frozen },
      },
    },
    async (request, reply) => {
      const set = await musterOf(request, parts).freeze(request.body);
      return reply.code(201).send(set);
    },
  );
  api.post(
    '/unfreeze',
    {
      schema: {
        summary: 'End a freeze, or all that are in force.',
        body: z.strictObject({ id: typedLine(100).exactOptional() }),
        response: { 200: freezes },
      },
    },
    async (request) => musterOf(request, parts).unfreeze(request.body),
  );
}
