import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  keyRotation,
  ledgerCheckpoints,
  ledgerEntries,
  ledgerPrunings,
  ledgerStatus,
} from '../../client/wire-answers.ts';
import { ledgerCheckpointsQuery, ledgerEntriesQuery, rotateBody, runId } from '../../client/wire.ts';
import type { HttpParts } from '../parts.ts';
import { download } from './download.ts';
import { musterOf, typed } from './typed.ts';

const params = z.object({ runId });
const file = z.any().describe('The bytes of the file.');

/** What can be proven of a run, and the ledger. What is downloaded is run by none of our own pages. */
export function evidenceRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);
  api.get(
    '/runs/:runId/evidence',
    {
      schema: {
        summary: 'The evidence of a run that has ended, as a zip that verifies offline.',
        params,
        response: { 200: file },
      },
    },
    async (request, reply) => {
      const { runId: id } = request.params;
      const bytes = await musterOf(request, parts).evidence(id);
      return download(reply, { bytes, type: 'application/zip', name: `${id}.evidence.zip` });
    },
  );
  api.get(
    '/ledger',
    { schema: { summary: 'How the ledger stands.', response: { 200: ledgerStatus } } },
    async (request) => musterOf(request, parts).ledger(),
  );
  api.get(
    '/ledger/entries',
    {
      schema: {
        summary: 'Entries of the ledger from a position on, for whoever checks the whole of it.',
        querystring: ledgerEntriesQuery,
        response: { 200: ledgerEntries },
      },
    },
    async (request) => musterOf(request, parts).ledgerEntries(request.query),
  );
  api.get(
    '/ledger/prunings',
    {
      schema: {
        summary: 'The signed statements of what was removed from the ledger.',
        response: { 200: ledgerPrunings },
      },
    },
    async (request) => musterOf(request, parts).ledgerPrunings(),
  );
  api.get(
    '/ledger/checkpoints',
    {
      schema: {
        summary: 'The signed checkpoints of the ledger, the smallest first.',
        querystring: ledgerCheckpointsQuery,
        response: { 200: ledgerCheckpoints },
      },
    },
    async (request) => musterOf(request, parts).ledgerCheckpoints(request.query),
  );
  api.post(
    '/ledger/rotate',
    {
      schema: {
        summary: 'Gives the ledger another key.',
        body: rotateBody,
        response: { 200: keyRotation },
      },
    },
    async (request) => musterOf(request, parts).rotateLedgerKey(request.body),
  );
}
