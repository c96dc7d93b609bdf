import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { typedLine } from '../../client/typed-text.ts';
import { launchesQuery, nextQuery, schedulesBody, schedulePauseBody } from '../../client/wire.ts';
import { launches, nextStarts, scheduleChanges, scheduleViews } from '../../client/wire-answers.ts';
import type { HttpParts } from '../parts.ts';
import { musterOf, typed } from './typed.ts';

/** `runbook/name` are two segments of a path. */
const params = z.object({ runbook: typedLine(100).min(1), name: typedLine(100).min(1) });
const idOf = ({ runbook, name }: z.output<typeof params>): string => `${runbook}/${name}`;

/** When runbooks are started by themselves. */
export function scheduleRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);

  api.get(
    '/schedules',
    { schema: { summary: 'The schedules in force.', response: { 200: scheduleViews } } },
    async (request) => await musterOf(request, parts).schedules.list(),
  );
  api.get(
    '/schedules/next',
    { schema: { summary: 'The next starts.', querystring: nextQuery, response: { 200: nextStarts } } },
    async (request) => musterOf(request, parts).schedules.next(request.query.count),
  );
  api.get(
    '/schedules/launches',
    {
      schema: {
        summary: 'What schedules did, the newest first.',
        querystring: launchesQuery,
        response: { 200: launches },
      },
    },
    async (request) => musterOf(request, parts).schedules.launches(request.query),
  );
  api.post(
    '/schedules/plan',
    {
      schema: {
        summary: 'What applying the schedules of a runbook would change.',
        body: schedulesBody,
        response: { 200: scheduleChanges },
      },
    },
    async (request) => musterOf(request, parts).schedules.plan(request.body),
  );
  api.post(
    '/schedules/apply',
    {
      schema: {
        summary: 'Put the schedules of a runbook in force.',
        body: schedulesBody,
        response: { 200: scheduleChanges },
      },
    },
    async (request) => musterOf(request, parts).schedules.apply(request.body),
  );
  api.post(
    '/schedules/:runbook/:name/pause',
    {
      schema: { summary: 'Pause a schedule.', params, body: schedulePauseBody, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { schedules } = musterOf(request, parts);
      await schedules.pause({ id: idOf(request.params), ...request.body });
      return reply.code(204).send(null);
    },
  );
  for (const [act, summary] of [
    ['resume', 'Let a schedule go on.'],
    ['trigger', 'Start what a schedule starts now.'],
    ['remove', 'Remove a schedule.'],
  ] as const) {
    api.post(
      `/schedules/:runbook/:name/${act}`,
      { schema: { summary, params, body: z.strictObject({}), response: { 204: z.null() } } },
      async (request, reply) => {
        const { schedules } = musterOf(request, parts);
        await schedules[act]({ id: idOf(request.params) });
        return reply.code(204).send(null);
      },
    );
  }
}
