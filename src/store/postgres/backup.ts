import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { StoreError } from '../store-error.ts';
import type { Database, Queries } from './database.ts';
import { SCHEMA_VERSION } from './migrate.ts';

/** Rows read and written at a time: an output may have 64 KB. */
const ROWS_AT_A_TIME = 200;

const head = z.strictObject({
  muster: z.literal('backup'),
  version: z.literal(1),
  /** Of the tables; see SCHEMA_VERSION. */
  schema: z.int(),
  madeAt: z.string(),
});
const rowsLine = z.strictObject({ table: z.string(), rows: z.array(z.record(z.string(), z.json())) });
const endLine = z.strictObject({ end: z.literal(true), rows: z.int(), sha256: z.string() });
const line = z.union([rowsLine, endLine]);

const tableRow = z.object({ name: z.string(), identity: z.boolean() });
const jsonRow = z.object({ row: z.string() });
const anyRow = z.object({ there: z.boolean() });

/** What a backup holds: rows in all, and by table. */
export interface BackupSummary {
  readonly rows: number;
  readonly tables: Readonly<Record<string, number>>;
}

/**
 * Writes everything in the database to one file, as it is at one moment, while muster works on: lines of JSON, packed with
 * gzip, with a digest at the end. It appears under its name when it is whole.
 *
 * @throws StoreError `store.unavailable`
 */
export async function backUp(database: Database, file: string): Promise<BackupSummary> {
  const draft = `${file}.part`;
  const packed = createGzip();
  const written = packed.pipe(createWriteStream(draft, { mode: 0o600 }));
  const hash = createHash('sha256');
  const write = async (value: unknown, hashed = true): Promise<void> => {
    const text = `${JSON.stringify(value)}\n`;
    if (hashed) hash.update(text);
    if (!packed.write(text)) await new Promise((resolve) => packed.once('drain', resolve));
  };
  const tables: Record<string, number> = {};
  try {
    await database.transaction(async (queries) => {
      await queries.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      await write({ muster: 'backup', version: 1, schema: SCHEMA_VERSION, madeAt: new Date().toISOString() });
      for (const { name } of await tablesIn(queries)) {
        tables[name] = await writeTable(queries, name, write);
      }
    });
    const rows = Object.values(tables).reduce((sum, count) => sum + count, 0);
    await write({ end: true, rows, sha256: hash.digest('hex') }, false);
    packed.end();
    await finished(written);
    await rename(draft, file);
    return { rows, tables };
  } catch (error) {
    packed.destroy();
    await rm(draft, { force: true });
    if (error instanceof StoreError) throw error;
    throw new StoreError('store.unavailable', file, { cause: error });
  }
}

async function writeTable(
  queries: Queries,
  table: string,
  write: (value: unknown) => Promise<void>,
): Promise<number> {
  const cursor = `backup_${table}`;
  await queries.run(
    `DECLARE ${cursor} NO SCROLL CURSOR FOR SELECT row_to_json(${table})::text AS row FROM ${table}`,
  );
  let count = 0;
  for (;;) {
    const rows = await queries.rows(jsonRow, `FETCH ${ROWS_AT_A_TIME} FROM ${cursor}`);
    if (rows.length === 0) break;
    count += rows.length;
    await write({ table, rows: rows.map(({ row }): unknown => JSON.parse(row)) });
  }
  await queries.run(`CLOSE ${cursor}`);
  return count;
}

/**
 * Puts a backup into an empty database, all of it or nothing.
 *
 * @throws StoreError `store.badBackup`, `store.newer`, `store.notEmpty`, `store.unavailable`
 */
export async function restore(database: Database, file: string): Promise<BackupSummary> {
  await checkWhole(file);
  return database.transaction(async (queries) => {
    const tables = await tablesIn(queries);
    for (const { name } of tables) {
      const [found] = await queries.rows(anyRow, `SELECT EXISTS (SELECT FROM ${name}) AS there`);
      if (found?.there === true) throw new StoreError('store.notEmpty', database.place);
    }
    const counts: Record<string, number> = {};
    for await (const read of linesOf(file)) {
      if (!('table' in read)) continue;
      const { table, rows } = read;
      // Names come from the file: only those of our own tables reach a statement.
      const known = tables.find(({ name }) => name === table);
      if (known === undefined) throw badBackup(file);
      const override = known.identity ? 'OVERRIDING SYSTEM VALUE' : '';
      counts[table] =
        (counts[table] ?? 0) +
        (await queries.run(
          `INSERT INTO ${table} ${override} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`,
          [JSON.stringify(rows)],
        ));
    }
    for (const { name, identity } of tables) {
      if (!identity) continue;
      await queries.run(
        `SELECT setval(pg_get_serial_sequence('${name}', 'id'), coalesce(max(id), 0) + 1, false) FROM ${name}`,
      );
    }
    const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return { rows, tables: counts };
  });
}

/** Reads the whole file before anything is written. */
async function checkWhole(file: string): Promise<void> {
  const hash = createHash('sha256');
  let first = true;
  let rows = 0;
  let whole = false;
  for await (const text of textsOf(file)) {
    if (whole) throw badBackup(file);
    if (first) {
      const read = head.safeParse(jsonOf(text));
      if (!read.success) throw badBackup(file);
      if (read.data.schema > SCHEMA_VERSION) {
        throw new StoreError('store.newer', file, { detail: `It has migration ${read.data.schema}.` });
      }
      first = false;
    } else {
      const read = line.safeParse(jsonOf(text));
      if (!read.success) throw badBackup(file);
      if ('end' in read.data) {
        if (read.data.sha256 !== hash.digest('hex') || read.data.rows !== rows) throw badBackup(file);
        whole = true;
        continue;
      }
      rows += read.data.rows.length;
    }
    hash.update(`${text}\n`);
  }
  if (!whole) throw badBackup(file);
}

async function* linesOf(file: string): AsyncGenerator<z.output<typeof line>> {
  let first = true;
  for await (const text of textsOf(file)) {
    if (!first) yield line.parse(jsonOf(text));
    first = false;
  }
}

/** @throws StoreError `store.badBackup` */
async function* textsOf(file: string): AsyncGenerator<string> {
  const input = createReadStream(file).on('error', (error) => unpacked.destroy(error));
  const unpacked = input.pipe(createGunzip());
  try {
    for await (const text of createInterface({ input: unpacked, crlfDelay: Infinity })) yield text;
  } catch (cause) {
    throw badBackup(file, cause);
  } finally {
    input.destroy();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function badBackup(file: string, cause?: unknown): StoreError {
  return new StoreError('store.badBackup', file, { cause });
}

/** Our own tables, in an order in which they can be filled. */
async function tablesIn(queries: Queries): Promise<readonly z.output<typeof tableRow>[]> {
  return queries.rows(
    tableRow,
    `SELECT table_name AS name,
            EXISTS (SELECT FROM information_schema.columns AS c
                    WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name
                      AND c.is_identity = 'YES') AS identity
     FROM information_schema.tables AS t
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> 'muster_migrations'
     ORDER BY table_name`,
  );
}
