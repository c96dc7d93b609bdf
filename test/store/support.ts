import { tmpdir } from 'node:os';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { openDatabase, openStores, type Database, type Stores } from '../../src/store/index.ts';

/** The stores over a database, on a clock that stands still. Its connections end with the test. */
export async function storesOver(url: string, now = () => 1_000): Promise<Stores & { database: Database }> {
  const database = openDatabase({ url });
  onTestFinished(() => database.close());
  return { ...(await openStores({ database, folder: tmpdir(), now })), database };
}

/** Rows of a statement on a connection of its own, as the driver reads them. */
export async function rowsAt(url: string, sql: string, values: readonly unknown[] = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Everything in the tables of muster, each row as text. */
export async function everythingIn(url: string): Promise<Record<string, readonly string[]>> {
  const tables = await rowsAt(
    url,
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> 'muster_migrations'
     ORDER BY relname`,
  );
  const all: Record<string, readonly string[]> = {};
  for (const { name } of tables) {
    const quoted = pg.escapeIdentifier(String(name));
    const rows = await rowsAt(url, `SELECT ${quoted}::text AS row FROM ${quoted} ORDER BY 1`);
    all[String(name)] = rows.map(({ row }) => String(row));
  }
  return all;
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It did not reject.');
    },
    (error: unknown) => error,
  );
}
