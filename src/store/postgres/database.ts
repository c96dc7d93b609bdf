import pg from 'pg';
import type { z } from 'zod';
import { StoreError } from '../store-error.ts';
import { migrate } from './migrate.ts';
import { storeErrorOf } from './sql-error.ts';

/** A dead host must not hold a person at a gate for longer than this. */
const CONNECT_LIMIT_MS = 5_000;
/** No statement of ours takes a second; one that does is stuck behind a lock or a disk. */
const STATEMENT_LIMIT_MS = 30_000;
/** Of one process. Its activities take turns: each holds a connection for milliseconds. */
const MAX_CONNECTIONS = 10;

/** Statements, each by itself or within a transaction. */
export interface Queries {
  /**
   * The rows that a statement answers, each read by a schema.
   *
   * @throws StoreError `store.corrupt` for a row of another shape; and as {@link Database}
   */
  rows<Row extends z.ZodType>(
    row: Row,
    sql: string,
    values?: readonly unknown[],
  ): Promise<readonly z.output<Row>[]>;
  /** Runs a statement for its effect, and answers how many rows it touched. */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
}

/**
 * PostgreSQL, connected at the first statement and migrated before it.
 *
 * Everything throws StoreError: `store.unavailable` when it cannot be reached, `store.full` when its disk is, `store.newer`
 * when a newer muster has migrated it.
 */
export interface Database extends Queries {
  /** `host:port/name`, without user and password. */
  readonly place: string;
  /** All of it or nothing. Whatever `work` throws takes it back and is thrown on. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens a database by its URL. Without one, every statement fails with `why`: commands that need no store work all the same.
 */
export function openDatabase({
  url,
  why = 'no database is configured',
}: {
  readonly url: string | undefined;
  readonly why?: string;
}): Database {
  if (url === undefined) return unavailable(why);
  const place = placeOf(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    statement_timeout: STATEMENT_LIMIT_MS,
    idle_in_transaction_session_timeout: STATEMENT_LIMIT_MS,
    keepAlive: true,
    application_name: 'muster',
    // A command that is done must be able to end while connections idle.
    allowExitOnIdle: true,
  });
  // An idle connection that broke is replaced at the next statement, which says what is wrong if something still is.
  pool.on('error', () => undefined);

  let migrated: Promise<void> | undefined;
  const translated = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storeErrorOf(error, place);
    }
  };
  const withClient = <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
    translated(async () => {
      const client = await pool.connect();
      // Without a listener, a connection that breaks between two statements would end the process.
      const broke = (): void => undefined;
      client.on('error', broke);
      try {
        const answer = await work(client);
        client.release();
        return answer;
      } catch (error) {
        // Nobody knows in which state it is.
        client.release(!(error instanceof StoreError));
        throw error;
      } finally {
        client.off('error', broke);
      }
    });
  const whenReady = async (): Promise<void> => {
    migrated ??= withClient((client) => migrate(client, place));
    try {
      await migrated;
    } catch (error) {
      migrated = undefined;
      throw error;
    }
  };
  const onClient = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    await whenReady();
    return withClient(work);
  };

  return {
    place,
    rows: (row, sql, values) => onClient((client) => queriesOn(client, place).rows(row, sql, values)),
    run: (sql, values) => onClient((client) => queriesOn(client, place).run(sql, values)),
    transaction: (work) =>
      onClient(async (client) => {
        await client.query('BEGIN');
        try {
          const answer = await work(queriesOn(client, place));
          await client.query('COMMIT');
          return answer;
        } catch (error) {
          await client.query('ROLLBACK').catch(() => undefined);
          throw error;
        }
      }),
    close: () => pool.end(),
  };
}

function queriesOn(client: pg.PoolClient, place: string): Queries {
  const query = async (sql: string, values: readonly unknown[] = []) => client.query(sql, [...values]);
  return {
    async rows(row, sql, values) {
      const { rows } = await query(sql, values);
      return rows.map((found: unknown) => {
        const read = row.safeParse(found);
        if (read.success) return read.data;
        throw new StoreError('store.corrupt', place, {
          detail: 'A row has another shape than was written.',
          cause: read.error,
        });
      });
    },
    async run(sql, values) {
      const { rowCount } = await query(sql, values);
      return rowCount ?? 0;
    },
  };
}

/** @throws StoreError `store.unavailable` when it is no URL */
function placeOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  } catch {
    // What was written may hold a password: it is not repeated.
    throw new StoreError('store.unavailable', 'DATABASE_URL', {
      detail: 'It is no URL; write postgres://user:password@host:port/name.',
    });
  }
}

function unavailable(why: string): Database {
  const refuse = async (): Promise<never> => {
    throw new StoreError('store.unavailable', 'database', { detail: why });
  };
  return {
    place: 'none',
    rows: refuse,
    run: refuse,
    transaction: refuse,
    close: async () => undefined,
  };
}
