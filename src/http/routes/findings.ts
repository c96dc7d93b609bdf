import type { FastifyInstance } from 'fastify';
import {
  assignBody,
  closeBody,
  finding,
  findingQuery,
  findings,
  findingsQuery,
  raiseBody,
  reopenBody,
  repairBody,
} from '../../client/finding-wire.ts';
import type { HttpParts } from '../parts.ts';
import { musterOf, typed } from './typed.ts';

/** What was found, and its repair. Ids hold paths of steps: they stand in bodies and queries, which no proxy takes apart. */
export function findingRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);
  api.get(
    '/findings',
    {
      schema: {
        summary: 'What was found, the worst first.',
        querystring: findingsQuery,
        response: { 200: findings },
      },
    },
    async (request) => musterOf(request, parts).findings.list(request.query),
  );
  api.get(
    '/findings/one',
    {
      schema: {
        summary: 'A finding with all that has happened to it.',
        querystring: findingQuery,
        response: { 200: finding },
      },
    },
    async (request) => musterOf(request, parts).findings.find(request.query.id),
  );
  api.post(
    '/findings',
    { schema: { summary: 'Raises a finding.', body: raiseBody, response: { 200: finding } } },
    async (request) => musterOf(request, parts).findings.raise(request.body),
  );
  api.post(
    '/findings/assign',
    {
      schema: {
        summary: 'Says who repairs a finding, until when, and how bad it is.',
        body: assignBody,
        response: { 200: finding },
      },
    },
    async (request) => musterOf(request, parts).findings.assign(request.body),
  );
  api.post(
    '/findings/repair',
    {
      schema: {
        summary: 'Says what is done about a finding.',
        body: repairBody,
        response: { 200: finding },
      },
    },
    async (request) => musterOf(request, parts).findings.repair(request.body),
  );
  api.post(
    '/findings/close',
    {
      schema: {
        summary: 'Closes a finding, with what proves its repair.',
        body: closeBody,
        response: { 200: finding },
      },
    },
    async (request) => musterOf(request, parts).findings.close(request.body),
  );
  api.post(
    '/findings/reopen',
    { schema: { summary: 'Opens a finding again.', body: reopenBody, response: { 200: finding } } },
    async (request) => musterOf(request, parts).findings.reopen(request.body),
  );
}
