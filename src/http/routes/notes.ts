import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NOTE_BODY_BYTES, note, noteBody, noteParams, notes } from '../../client/finding-wire.ts';
import { runId } from '../../client/wire.ts';
import type { HttpParts } from '../parts.ts';
import { HttpError } from '../problem.ts';
import { download } from './download.ts';
import { musterOf, typed } from './typed.ts';

const params = z.object({ runId });

/** What people write down about runs. Files are downloads, whatever they are: nothing in them is run by our own pages. */
export function noteRoutes(app: FastifyInstance, parts: HttpParts): void {
  const api = typed(app);
  api.get(
    '/runs/:runId/notes',
    { schema: { summary: 'The notes about a run, oldest first.', params, response: { 200: notes } } },
    async (request) => musterOf(request, parts).notes.list(request.params.runId),
  );
  api.post(
    '/runs/:runId/notes',
    {
      bodyLimit: NOTE_BODY_BYTES,
      schema: {
        summary: 'Writes a note about a run, with a file as base64.',
        params,
        body: noteBody,
        response: { 200: note },
      },
    },
    async (request) => {
      const { text, attachment } = request.body;
      return musterOf(request, parts).notes.add({
        runId: request.params.runId,
        text,
        ...(attachment !== undefined && {
          attachment: { name: attachment.name, bytes: bytesOf(attachment.content) },
        }),
      });
    },
  );
  api.get(
    '/runs/:runId/notes/:id/file',
    {
      schema: {
        summary: 'The file that goes with a note.',
        params: noteParams,
        response: { 200: z.any().describe('The bytes of the file.') },
      },
    },
    async (request, reply) => {
      const bytes = await musterOf(request, parts).notes.file(request.params);
      return download(reply, { bytes, type: 'application/octet-stream' });
    },
  );
}

/** @throws HttpError `http.badRequest` for what is no base64 */
function bytesOf(content: string): Uint8Array {
  const bytes = Buffer.from(content, 'base64');
  if (bytes.toString('base64') === content) return bytes;
  throw new HttpError(400, 'http.badRequest', 'The content of the attachment is no base64.');
}
