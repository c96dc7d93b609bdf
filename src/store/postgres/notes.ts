import { z } from 'zod';
import { without } from '../../model/json.ts';
import { sha256 } from '../file-names.ts';
import type { KeptNote, NoteStore } from '../finding-contracts.ts';
import { StoreError } from '../store-error.ts';
import type { Database } from './database.ts';
import { entered } from './ledger.ts';
import { noteWritten } from './ledger-entries.ts';
import { takeTurns } from './take-turns.ts';
import { at, time } from './values.ts';

const noteRow = z
  .object({
    id: z.string(),
    run: z.string(),
    run_id: z.string(),
    written_at: time,
    written_by: z.string(),
    body: z.string(),
    file_name: z.string().nullable(),
    file_bytes: z.coerce.number().nullable(),
    file_digest: z.string().nullable(),
  })
  .transform(
    ({ id, run, run_id, written_at, written_by, body, file_name, file_bytes, file_digest }): KeptNote => ({
      id,
      run,
      runId: run_id,
      at: written_at,
      by: written_by,
      text: body,
      ...(file_digest === null
        ? {}
        : { attachment: { name: file_name ?? '', bytes: file_bytes ?? 0, digest: file_digest } }),
    }),
  );
const fileRow = z.object({ body: z.instanceof(Uint8Array) });
const sumRow = z.object({ bytes: z.coerce.number() });
const heldRow = z.object({ notes: z.coerce.number(), bytes: z.coerce.number() });

/** The notes of a run are part of its evidence, which has to stay small enough to be exported and read. */
const MAX_RUN_NOTES = 1_000;
const MAX_RUN_TEXT_BYTES = 4 * 1024 * 1024;

const COLUMNS = 'id, run, run_id, written_at, written_by, body, file_name, file_bytes, file_digest';

/** Notes, in the tables `notes` and `note_files`. */
export function postgresNotes(database: Database): NoteStore {
  return {
    add: (note, file, { maxRunBytes }) =>
      entered(database, async (queries, enter) => {
        const { id, run, runId, at: written, by, text, attachment } = note;
        // Of two that come at once the second waits: the sums hold for both.
        await takeTurns(queries, 'notes', run);
        const [held] = await queries.rows(
          heldRow,
          'SELECT count(*) AS notes, coalesce(sum(octet_length(body)), 0) AS bytes FROM notes WHERE run = $1',
          [run],
        );
        if ((held?.notes ?? 0) >= MAX_RUN_NOTES) return 'tooMuch';
        if ((held?.bytes ?? 0) + Buffer.byteLength(text) > MAX_RUN_TEXT_BYTES) return 'tooMuch';
        if (attachment !== undefined && file !== undefined) {
          const [sum] = await queries.rows(
            sumRow,
            `SELECT coalesce(sum(bytes), 0) AS bytes
             FROM (SELECT DISTINCT file_digest, file_bytes AS bytes FROM notes
                   WHERE run = $1 AND file_digest IS NOT NULL AND file_digest <> $2) AS others`,
            [run, attachment.digest],
          );
          if ((sum?.bytes ?? 0) + attachment.bytes > maxRunBytes) return 'tooMuch';
          await queries.run('INSERT INTO note_files (digest, body) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
            attachment.digest,
            Buffer.from(file),
          ]);
        }
        const { name = null, bytes = null, digest = null } = attachment ?? {};
        await queries.run(`INSERT INTO notes (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [
          id,
          run,
          runId,
          at(written),
          by,
          text,
          name,
          bytes,
          digest,
        ]);
        enter(noteWritten(note));
        return 'kept';
      }),
    ofRun: async (run) => {
      const found = await database.rows(
        noteRow,
        `SELECT ${COLUMNS} FROM notes WHERE run = $1 ORDER BY written_at, id`,
        [run],
      );
      return found.map((note) => without(note, ['run']));
    },
    async find(id) {
      const [found] = await database.rows(noteRow, `SELECT ${COLUMNS} FROM notes WHERE id = $1`, [id]);
      return found;
    },
    async file(digest) {
      const [found] = await database.rows(fileRow, 'SELECT body FROM note_files WHERE digest = $1', [digest]);
      const place = `${database.place}, file ${digest}`;
      if (found === undefined) throw new StoreError('store.notFound', place);
      if (sha256(found.body) === digest) return found.body;
      throw new StoreError('store.corrupt', place, { detail: 'It has not the digest that it is kept by.' });
    },
  };
}
