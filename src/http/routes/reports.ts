import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { periodQuery, periodReviewBody, reviewBody, signedReview } from '../../client/finding-wire.ts';
import { reportQuery, runId } from '../../client/wire.ts';
import type { HttpParts } from '../parts.ts';
import { download } from './download.ts';
import { musterOf, typed } from './typed.ts';

const params = z.object({ runId });
const file = z.any().describe('The bytes of the file.');
const TYPES = { html: 'text/html; charset=utf-8', pdf: 'application/pdf', json: 'application/json' } as const;

/** Reports of runs and of periods, which are downloads: nothing in them is run by our own pages. And their reviews. */
export function reportRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);
  api.get(
    '/runs/:runId/report',
    {
      schema: { summary: 'The report of a run.', params, querystring: reportQuery, response: { 200: file } },
    },
    async (request, reply) => {
      const { runId: id } = request.params;
      const { format } = request.query;
      const bytes = await musterOf(request, parts).report({ runId: id, format });
      return download(reply, { bytes, type: TYPES[format], name: `${id}.report.${format}` });
    },
  );
  api.get(
    '/report',
    {
      schema: {
        summary: 'The report of a period: runs, coverage, findings and controls.',
        querystring: periodQuery,
        response: { 200: file },
      },
    },
    async (request, reply) => {
      const { format } = request.query;
      const bytes = await musterOf(request, parts).periodReport(request.query);
      return download(reply, { bytes, type: TYPES[format], name: `period.report.${format}` });
    },
  );
  api.post(
    '/runs/:runId/reviews',
    {
      schema: {
        summary: 'Signs what somebody makes of the report of a run.',
        params,
        body: reviewBody,
        response: { 200: signedReview },
      },
    },
    async (request) =>
      musterOf(request, parts).review({ of: { runId: request.params.runId }, ...request.body }),
  );
  api.post(
    '/reviews',
    {
      schema: {
        summary: 'Signs what somebody makes of the report of a period.',
        body: periodReviewBody,
        response: { 200: signedReview },
      },
    },
    async (request) => {
      const { from, to, ...review } = request.body;
      return musterOf(request, parts).review({ of: { from, to }, ...review });
    },
  );
}
