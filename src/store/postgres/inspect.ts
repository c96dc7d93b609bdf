import pg from 'pg';
import { z } from 'zod';
import { placeOf } from './database-url.ts';
import { versionsIn } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { openSession } from './session.ts';
import { storeErrorOf } from './sql-error.ts';

const CONNECT_LIMIT_MS = 5_000;

/** Settings without which a server may lose what it said it keeps. */
const DURABLE = ['fsync', 'full_page_writes', 'synchronous_commit'];

const versionRow = z.object({ version: z.string() });
const settingRow = z.object({ name: z.string() });

/** A database as it is found. */
export interface DatabaseState {
  readonly place: string;
  /** Of the server, like `18.4`. */
  readonly version: string;
  /** Of the tables: how many migrations it has had, and how many it would get now. */
  readonly migrations: { readonly done: number; readonly toCome: number };
  /** Migrations of a newer muster. */
  readonly newer: readonly number[];
  /** Settings of the server that are off and put what was acknowledged at risk. */
  readonly unsafe: readonly string[];
}

/**
 * Looks at a database without changing anything.
 *
 * @throws StoreError `store.unavailable`
 */
export async function inspectDatabase(url: string): Promise<DatabaseState> {
  const place = placeOf(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    query_timeout: CONNECT_LIMIT_MS,
    application_name: 'muster doctor',
  });
  pool.on('error', () => undefined);
  try {
    const client = await pool.connect().catch((error: unknown) => {
      throw storeErrorOf(error, place);
    });
    const session = openSession(client, place);
    try {
      const [server] = await session.rows(
        versionRow,
        `SELECT split_part(current_setting('server_version'), ' ', 1) AS version`,
      );
      const off = await session.rows(
        settingRow,
        `SELECT name FROM pg_settings WHERE name = ANY ($1) AND setting = 'off' ORDER BY name`,
        [DURABLE],
      );
      const found = await versionsIn(session);
      const known = MIGRATIONS.map(({ version }) => version);
      const done = known.filter((version) => found.has(version)).length;
      return {
        place,
        version: server?.version ?? 'unknown',
        migrations: { done, toCome: known.length - done },
        newer: [...found].filter((version) => !known.includes(version)),
        unsafe: off.map(({ name }) => name),
      };
    } finally {
      session.release();
    }
  } finally {
    await pool.end();
  }
}
