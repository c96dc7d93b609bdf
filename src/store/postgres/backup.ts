import { z } from 'zod';
import { StoreError } from '../store-error.ts';
import { badBackup, readBackup, writeBackup, type BackupHead, type BackupPart } from './backup-file.ts';
import type { Database, Queries } from './database.ts';
import { SCHEMA_VERSION } from './migrate.ts';
import { tablesIn, type Column, type Table } from './tables.ts';

/** Rows read at a time: an output may have 64 KB. */
const ROWS_AT_A_TIME = 100;

const row = z.object({ values: z.array(z.string().nullable()) });
const anyRow = z.object({ there: z.boolean() });

/** What a backup holds: rows in all, and by table. */
export interface BackupSummary {
  readonly rows: number;
  readonly tables: Readonly<Record<string, number>>;
}

/**
 * Writes everything in the database to one file, as it is at one moment, while muster works on.
 *
 * @throws StoreError `store.unavailable`
 */
export async function backUp(database: Database, file: string): Promise<BackupSummary> {
  const counts = new Map<string, number>();
  await database.transaction(async (queries) => {
    await queries.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    // Values are kept as text: it must not depend on how this server is set.
    await queries.run(`SET LOCAL datestyle = 'ISO, YMD'`);
    await queries.run(`SET LOCAL timezone = 'UTC'`);
    await queries.run(`SET LOCAL bytea_output = 'hex'`);
    await queries.run('SET LOCAL extra_float_digits = 1');
    const start = { schema: SCHEMA_VERSION, madeAt: new Date().toISOString() };
    await writeBackup(file, start, partsOf(queries, counts));
  });
  return summaryOf(counts);
}

async function* partsOf(queries: Queries, counts: Map<string, number>): AsyncGenerator<BackupPart> {
  for (const { name, quoted, columns } of await tablesIn(queries)) {
    yield { table: name, columns: columns.map((column) => column.name) };
    const values = columns.map((column) => `${column.quoted}::text`).join(', ');
    await queries.run(
      `DECLARE backup_rows NO SCROLL CURSOR FOR SELECT ARRAY[${values}] AS values FROM ${quoted}`,
    );
    for (;;) {
      const found = await queries.rows(row, `FETCH ${ROWS_AT_A_TIME} FROM backup_rows`);
      counts.set(name, (counts.get(name) ?? 0) + found.length);
      if (found.length === 0) break;
      yield { rows: found.map((one) => one.values) };
    }
    await queries.run('CLOSE backup_rows');
  }
}

/**
 * Puts a backup into an empty database, all of it or nothing. Nobody else reads or writes meanwhile.
 *
 * @throws StoreError `store.badBackup`, `store.newer`, `store.notEmpty`, `store.notFound`, `store.unavailable`
 */
export async function restore(database: Database, file: string): Promise<BackupSummary> {
  const check = ({ schema }: BackupHead): void => {
    if (schema <= SCHEMA_VERSION) return;
    throw new StoreError('store.newer', file, { detail: `It has migration ${schema}.` });
  };
  // Once to the end before anything is written: a file that is cut off does not even begin.
  const parts = readBackup(file, check);
  while ((await parts.next()).done !== true);
  return database.transaction(async (queries) => {
    const tables = await tablesIn(queries);
    await queries.run(`LOCK TABLE ${tables.map(({ quoted }) => quoted).join(', ')} IN ACCESS EXCLUSIVE MODE`);
    for (const { quoted } of tables) {
      const [found] = await queries.rows(anyRow, `SELECT EXISTS (SELECT FROM ${quoted}) AS there`);
      if (found?.there === true) throw new StoreError('store.notEmpty', database.place);
    }
    const counts = new Map<string, number>();
    let into: Insertion | undefined;
    for await (const part of readBackup(file, check)) {
      if ('table' in part) {
        into = insertionOf(part, tables);
        if (into === undefined) throw badBackup(file);
        counts.set(into.table.name, 0);
      } else {
        if (into === undefined || part.rows.some(({ length }) => length !== into?.width)) {
          throw badBackup(file);
        }
        const inserted = await insert(queries, into, part.rows, file);
        counts.set(into.table.name, (counts.get(into.table.name) ?? 0) + inserted);
      }
    }
    for (const table of tables) await countOn(queries, table);
    return summaryOf(counts);
  });
}

interface Insertion {
  readonly table: Table;
  readonly width: number;
  readonly sql: string;
}

/** The names come from the file: only those of our own tables and columns reach a statement, as the server spells them. */
function insertionOf(
  { table: name, columns: names }: { table: string; columns: readonly string[] },
  tables: readonly Table[],
): Insertion | undefined {
  const table = tables.find((one) => one.name === name);
  const columns = names.map((one) => table?.columns.find((column) => column.name === one));
  const isKnown = (column: Column | undefined): column is Column => column !== undefined;
  if (table === undefined || !columns.every(isKnown) || new Set(names).size !== names.length) {
    return undefined;
  }
  const into = columns.map(({ quoted }) => quoted).join(', ');
  const values = columns.map(({ type }, index) => `c${index}::${type}`).join(', ');
  const given = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const named = columns.map((_, index) => `c${index}`).join(', ');
  return {
    table,
    width: columns.length,
    sql: `INSERT INTO ${table.quoted} (${into}) OVERRIDING SYSTEM VALUE
          SELECT ${values} FROM unnest(${given}) AS given (${named})`,
  };
}

async function insert(
  queries: Queries,
  { sql, width }: Insertion,
  rows: readonly (readonly (string | null)[])[],
  file: string,
): Promise<number> {
  try {
    return await queries.run(
      sql,
      Array.from({ length: width }, (_, index) => rows.map((values) => values[index])),
    );
  } catch (error) {
    // What the server refuses (a value of another type, the same row twice) was not written by a backup.
    if (error instanceof StoreError) throw error;
    throw badBackup(file, error);
  }
}

/** New rows get numbers after those that were restored. */
async function countOn(queries: Queries, { quoted, columns }: Table): Promise<void> {
  for (const column of columns) {
    if (!column.isIdentity) continue;
    await queries.run(
      `SELECT setval(pg_get_serial_sequence($1, $2), coalesce(max(${column.quoted}), 0) + 1, false) FROM ${quoted}`,
      [quoted, column.name],
    );
  }
}

function summaryOf(counts: ReadonlyMap<string, number>): BackupSummary {
  const rows = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return { rows, tables: Object.fromEntries(counts) };
}
