import pg from 'pg';
import { StoreError } from '../store-error.ts';
import type { LedgerStore } from '../ledger-contracts.ts';
import type { RetentionStore } from '../retention-contracts.ts';
import type { Database } from './database.ts';
import { placeOf } from './database-url.ts';
import { prunings } from './retention.ts';
import { postgresLedger } from './ledger.ts';
import { openSession } from './session.ts';
import { storeErrorOf } from './sql-error.ts';

const CONNECT_LIMIT_MS = 5_000;

/** The part of a ledger that is read, by whoever changes nothing. */
export interface ReadLedger
  extends Pick<LedgerStore, 'head' | 'rows' | 'checkpoints'>, Pick<RetentionStore, 'prunings'> {
  /** `host:port/name`. */
  readonly place: string;
  close(): Promise<void>;
}

/**
 * Reads the ledger in a database as it lies there: nothing is migrated, nothing can be written.
 *
 * @throws StoreError `store.unavailable`
 */
export async function readLedgerIn(url: string): Promise<ReadLedger> {
  const place = placeOf(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    application_name: 'muster ledger verify',
  });
  pool.on('error', () => undefined);
  const client = await pool.connect().catch(async (error: unknown) => {
    await pool.end();
    throw storeErrorOf(error, place);
  });
  const session = openSession(client, place);
  const refuse = async (): Promise<never> => {
    throw new StoreError('store.unavailable', place, { detail: 'It is open for reading only.' });
  };
  const close = async (): Promise<void> => {
    session.release();
    await pool.end();
  };
  try {
    await session.run('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY');
  } catch (error) {
    await close();
    throw error;
  }
  const database: Database = {
    place,
    rows: (row, sql, values) => session.rows(row, sql, values),
    run: refuse,
    transaction: refuse,
    close,
  };
  const ledger = postgresLedger(database);
  return {
    place,
    head: () => ledger.head(),
    rows: (from, limit) => ledger.rows(from, limit),
    checkpoints: () => ledger.checkpoints(),
    prunings: () => prunings(database),
    close,
  };
}
