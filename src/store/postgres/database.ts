import pg from 'pg';
import { StoreError } from '../store-error.ts';
import { placeOf } from './database-url.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migrations/migration.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Queries } from './queries.ts';
import { openSession, type Session } from './session.ts';
import { storeErrorOf } from './sql-error.ts';

export type { Queries } from './queries.ts';

/** A dead host must not hold a person at a gate for longer than this. */
const CONNECT_LIMIT_MS = 5_000;
/** No statement of ours takes a second; one that does is stuck behind a lock or a disk. */
const STATEMENT_LIMIT_MS = 30_000;
/** How much later we give up ourselves: the server that should end a statement may hang, too. */
const ANSWER_GRACE_MS = 5_000;
/** Of one process. Its activities take turns: each holds a connection for milliseconds. */
const MAX_CONNECTIONS = 10;

/**
 * PostgreSQL, connected at the first statement and migrated before it.
 *
 * Everything throws StoreError: `store.unavailable` when it cannot be reached or does not let us, `store.full` when its disk
 * is, `store.newer` when a newer muster has migrated it. A write that ends with `store.unavailable` may have been done.
 */
export interface Database extends Queries {
  /** `host:port/name`, without user and password. */
  readonly place: string;
  /** All of it or nothing. Whatever `work` throws takes it back and is thrown on, as it is. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens a database by its URL. Without one, every statement fails with `why`: commands that need no store work all the same.
 *
 * @param options.statementLimitMs when a statement is given up; default 30,000
 * @param options.migrations for tests: others than muster's
 * @throws StoreError `store.unavailable` when the URL is none
 */
export function openDatabase({
  url,
  why = 'no database is configured',
  statementLimitMs = STATEMENT_LIMIT_MS,
  migrations = MIGRATIONS,
}: {
  readonly url: string | undefined;
  readonly why?: string;
  readonly statementLimitMs?: number;
  readonly migrations?: readonly Migration[];
}): Database {
  if (url === undefined) return unavailable(why);
  const place = placeOf(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    statement_timeout: statementLimitMs,
    query_timeout: statementLimitMs + ANSWER_GRACE_MS,
    idle_in_transaction_session_timeout: statementLimitMs,
    keepAlive: true,
    application_name: 'muster',
    // A command that is done must be able to end while connections idle.
    allowExitOnIdle: true,
  });
  // An idle connection that broke is replaced at the next statement, which says what is wrong if something still is.
  pool.on('error', () => undefined);

  const withSession = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw storeErrorOf(error, place);
    });
    const session = openSession(client, place);
    try {
      return await work(session);
    } finally {
      session.release();
    }
  };
  let migrated: Promise<void> | undefined;
  const whenReady = async (): Promise<void> => {
    migrated ??= withSession((session) => migrate(session, place, migrations));
    try {
      await migrated;
    } catch (error) {
      migrated = undefined;
      throw error;
    }
  };
  const onSession = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    await whenReady();
    return withSession(work);
  };

  return {
    place,
    rows: (row, sql, values) => onSession((session) => session.rows(row, sql, values)),
    run: (sql, values) => onSession((session) => session.run(sql, values)),
    transaction: (work) => onSession((session) => session.transaction(work)),
    close: () => pool.end(),
  };
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
