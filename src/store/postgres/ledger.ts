import { z } from 'zod';
import { appended, EMPTY_FRONTIER, leafHash, rootOfFrontier, type Frontier } from '../../merkle/index.ts';
import { canonicalJson } from '../../model/json.ts';
import type { LedgerEntry } from '../../model/ledger-entry.ts';
import type { LedgerRow, LedgerStore } from '../ledger-contracts.ts';
import type { Database } from './database.ts';
import type { Queries } from './queries.ts';
import { at, time } from './values.ts';

const headRow = z
  .object({ size: z.coerce.number(), frontier: z.array(z.instanceof(Uint8Array)) })
  .transform(({ size, frontier }): Frontier => ({ size, hashes: frontier }));
const keyRow = z.object({ key: z.string() });
const entryRow = z
  .object({ position: z.coerce.number(), entry: z.string() })
  .transform(({ position, entry }) => ({ position, text: entry }));
const ledgerRow = z
  .object({ position: z.coerce.number(), entry: z.string().nullable(), leaf: z.instanceof(Uint8Array) })
  .transform(({ position, entry, leaf }): LedgerRow =>
    entry === null ? { position, leaf: Buffer.from(leaf).toString('hex') } : { position, text: entry },
  );
const endRow = z.object({ run: z.string(), position: z.coerce.number() });
const leafRow = z.object({ leaf: z.instanceof(Uint8Array) });
const checkpointRow = z
  .object({ size: z.coerce.number(), note: z.string(), signed_at: time })
  .transform(({ size, note, signed_at }) => ({ size, note, signedAt: signed_at }));

/** Takes an entry on, to be entered with what else the transaction does. */
export type Enter = (entry: LedgerEntry) => void;

/**
 * Does something and enters it, both or neither: what cannot be entered is not done. Entering comes last, so that the
 * ledger, which all writers take turns at, is held for as short as possible and never waits for another lock.
 */
export function entered<T>(
  database: Database,
  work: (queries: Queries, enter: Enter) => Promise<T>,
): Promise<T> {
  return database.transaction(async (queries) => {
    const entries: LedgerEntry[] = [];
    const result = await work(queries, (entry) => void entries.push(entry));
    await appendTo(queries, entries);
    return result;
  });
}

async function appendTo(queries: Queries, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await queries.run('LOCK TABLE ledger_head IN SHARE ROW EXCLUSIVE MODE');
  const head = await headIn(queries);
  const known = await queries.rows(keyRow, 'SELECT key FROM ledger WHERE key = ANY($1)', [
    entries.map(({ key }) => key),
  ]);
  const keys = new Set(known.map(({ key }) => key));
  let frontier = head;
  const rows: object[] = [];
  for (const entry of entries) {
    if (keys.has(entry.key)) continue;
    keys.add(entry.key);
    const text = canonicalJson(entry);
    const leaf = leafHash(text);
    const { key, run, kind } = entry;
    rows.push({
      position: frontier.size,
      key,
      run: run ?? null,
      kind,
      entry: text,
      leaf: `\\x${Buffer.from(leaf).toString('hex')}`,
    });
    frontier = appended(frontier, leaf);
  }
  if (rows.length === 0) return;
  await queries.run(
    `INSERT INTO ledger (position, key, run, kind, entry, leaf)
     SELECT position, key, run, kind, entry, leaf
     FROM json_to_recordset($1) AS r (position bigint, key text, run text, kind text, entry text, leaf bytea)`,
    [JSON.stringify(rows)],
  );
  await queries.run(
    `INSERT INTO ledger_head (size, frontier) VALUES ($1, $2)
     ON CONFLICT (one) DO UPDATE SET size = excluded.size, frontier = excluded.frontier`,
    [frontier.size, frontier.hashes],
  );
}

/** The tree before the first entry has no row. */
async function headIn(queries: Queries): Promise<Frontier> {
  const [head] = await queries.rows(headRow, 'SELECT size, frontier FROM ledger_head');
  return head ?? EMPTY_FRONTIER;
}

/** The record, in the tables `ledger`, `ledger_head` and `checkpoints`. */
export function postgresLedger(database: Database): LedgerStore {
  return {
    append: (entries) =>
      entered(database, async (_, enter) => {
        entries.forEach(enter);
      }),
    async head() {
      const head = await headIn(database);
      return { size: head.size, root: rootOfFrontier(head) };
    },
    page: (from, limit) =>
      database.rows(
        entryRow,
        'SELECT position, entry FROM ledger WHERE position >= $1 AND entry IS NOT NULL ORDER BY position LIMIT $2',
        [from, limit],
      ),
    rows: (from, limit) =>
      database.rows(
        ledgerRow,
        'SELECT position, entry, leaf FROM ledger WHERE position >= $1 ORDER BY position LIMIT $2',
        [from, limit],
      ),
    ofRun: (run) =>
      database.rows(
        entryRow,
        'SELECT position, entry FROM ledger WHERE run = $1 AND entry IS NOT NULL ORDER BY position',
        [run],
      ),
    async endsOf(runs) {
      const ends = await database.rows(
        endRow,
        `SELECT run, position FROM ledger WHERE run = ANY($1) AND kind = 'run.ended'`,
        [runs],
      );
      return new Map(ends.map(({ run, position }) => [run, position]));
    },
    ofKind: (kind) =>
      database.rows(
        entryRow,
        'SELECT position, entry FROM ledger WHERE kind = $1 AND entry IS NOT NULL ORDER BY position',
        [kind],
      ),
    async leafHashes(size) {
      const leaves = await database.rows(
        leafRow,
        'SELECT leaf FROM ledger WHERE position < $1 ORDER BY position',
        [size],
      );
      return leaves.map(({ leaf }) => leaf);
    },
    async keepCheckpoint({ size, note, signedAt }) {
      await database.run(
        `INSERT INTO checkpoints (size, note, signed_at) VALUES ($1, $2, $3)
         ON CONFLICT (size) DO UPDATE SET note = excluded.note`,
        [size, note, at(signedAt)],
      );
    },
    async checkpoint(holding) {
      const [found] = await database.rows(
        checkpointRow,
        holding === undefined
          ? 'SELECT size, note, signed_at FROM checkpoints ORDER BY size DESC LIMIT 1'
          : 'SELECT size, note, signed_at FROM checkpoints WHERE size >= $1 ORDER BY size LIMIT 1',
        holding === undefined ? [] : [holding],
      );
      return found;
    },
    checkpoints: () =>
      database.rows(checkpointRow, 'SELECT size, note, signed_at FROM checkpoints ORDER BY size'),
    checkpointPage: (after, limit) =>
      database.rows(
        checkpointRow,
        'SELECT size, note, signed_at FROM checkpoints WHERE size > $1 ORDER BY size LIMIT $2',
        [after, limit],
      ),
  };
}
