import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { typedLine } from '../../client/typed-text.ts';
import { auditView, auditViews, hold, holds, pruned } from '../../client/wire-answers.ts';
import { runId } from '../../client/wire.ts';
import type { HttpParts } from '../parts.ts';
import { musterOf, typed } from './typed.ts';

const params = z.object({ runId });

/** What audits have found, what is removed once it is old, and what is kept all the same. */
export function retentionRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);
  api.get(
    '/audits',
    {
      schema: {
        summary: 'What was found where Temporal and the ledger were compared.',
        response: { 200: auditViews },
      },
    },
    async (request) => musterOf(request, parts).audits(),
  );
  api.get(
    '/runs/:runId/audit',
    { schema: { summary: 'What the audit of a run has found.', params, response: { 200: auditViews } } },
    async (request) => musterOf(request, parts).audits({ runId: request.params.runId }),
  );
  api.post(
    '/runs/:runId/audit',
    {
      schema: {
        summary: 'Compares a run with what Temporal has of it.',
        params,
        response: { 200: auditView },
      },
    },
    async (request) => musterOf(request, parts).audit({ runId: request.params.runId }),
  );
  api.post(
    '/ledger/prune',
    {
      schema: {
        summary: 'Removes what is older than the configuration keeps, or says what would go.',
        body: z.strictObject({ dryRun: z.boolean() }),
        response: { 200: pruned },
      },
    },
    async (request) => musterOf(request, parts).prune(request.body),
  );
  api.get(
    '/holds',
    { schema: { summary: 'Runs that are kept whatever their age.', response: { 200: holds } } },
    async (request) => musterOf(request, parts).holds(),
  );
  api.post(
    '/runs/:runId/hold',
    {
      schema: {
        summary: 'Keeps a run whatever its age.',
        params,
        body: z.strictObject({ reason: typedLine(500) }),
        response: { 200: hold },
      },
    },
    async (request) => musterOf(request, parts).hold({ ...request.params, ...request.body }),
  );
  api.post(
    '/runs/:runId/unhold',
    {
      schema: {
        summary: 'Lets a run be removed again once it is old enough.',
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await musterOf(request, parts).unhold(request.params);
      return reply.code(204).send(null);
    },
  );
}
