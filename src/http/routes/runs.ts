import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  cancelBody,
  limitQuery,
  pauseBody,
  rerunBody,
  runId,
  startBody,
  validateBody,
} from '../../client/wire.ts';
import { refusals, runSummaries, runView, startedRun, validation } from '../../client/wire-answers.ts';
import type { HttpParts } from '../parts.ts';
import { musterOf, typed } from './typed.ts';

const params = z.object({ runId });
const done = z.null();

/** Starting, looking at and stopping runs. */
export function runRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);

  api.post(
    '/validate',
    {
      schema: {
        summary: 'Check a runbook, and with a mode also its start.',
        body: validateBody,
        response: { 200: validation },
      },
    },
    async (request) => musterOf(request, parts).validate(request.body),
  );
  api.get(
    '/runs',
    {
      schema: {
        summary: 'The newest runs, newest first.',
        querystring: limitQuery,
        response: { 200: runSummaries },
      },
    },
    async (request) => musterOf(request, parts).list(request.query),
  );
  api.post(
    '/runs',
    { schema: { summary: 'Start a run.', body: startBody, response: { 201: startedRun } } },
    async (request, reply) => {
      const started = await musterOf(request, parts).start(request.body);
      return reply.code(201).send(started);
    },
  );
  api.get(
    '/runs/:runId',
    { schema: { summary: 'A run as it stands, with all its steps.', params, response: { 200: runView } } },
    async (request) => musterOf(request, parts).show(request.params.runId),
  );
  api.post(
    '/runs/:runId/rerun',
    {
      schema: {
        summary: 'Go on with an ended run as a new one.',
        params,
        body: rerunBody,
        response: { 201: startedRun },
      },
    },
    async (request, reply) => {
      const { runId: id } = request.params;
      const started = await musterOf(request, parts).rerun({ runId: id, ...request.body });
      return reply.code(201).send(started);
    },
  );
  api.post(
    '/runs/:runId/cancel',
    {
      schema: {
        summary: 'Stop a run; its cleanup still runs.',
        params,
        body: cancelBody,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      await musterOf(request, parts).cancel({ ...request.params, ...request.body });
      return reply.code(204).send(null);
    },
  );
  for (const operation of ['pause', 'resume'] as const) {
    const summary = operation === 'pause' ? 'Stop a run before a step.' : 'Let a paused run go on.';
    api.post(
      `/runs/:runId/${operation}`,
      { schema: { summary, params, body: pauseBody, response: { 204: done } } },
      async (request, reply) => {
        const { runId: id } = params.parse(request.params);
        await musterOf(request, parts)[operation]({ runId: id, ...request.body });
        return reply.code(204).send(null);
      },
    );
  }
  api.get(
    '/runs/:runId/refusals',
    { schema: { summary: 'Answers that did not count, newest first.', params, response: { 200: refusals } } },
    async (request) => musterOf(request, parts).refusals(request.params.runId),
  );
}
