import pg from 'pg';
import { StoreError } from '../store-error.ts';
import type { Queries } from './queries.ts';
import { storeErrorOf } from './sql-error.ts';

/** One connection, until it is released. */
export interface Session extends Queries {
  /** All of it or nothing. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /** Gives the connection back; one that broke is closed. */
  release(): void;
}

/** Statements on a connection. What the server or the driver throws is put into the store's words; nothing else is. */
export function openSession(client: pg.PoolClient, place: string): Session {
  let isSound = true;
  // Without a listener, a connection that breaks between two statements would end the process.
  const broke = (): void => {
    isSound = false;
  };
  client.on('error', broke);

  const query = async (sql: string, values: readonly unknown[] = []): Promise<pg.QueryResult> => {
    try {
      return await client.query(sql, [...values]);
    } catch (error) {
      // After an ERROR the connection is as good as before; after anything else nobody knows in which state it is.
      if (!(error instanceof pg.DatabaseError) || error.severity !== 'ERROR') isSound = false;
      throw storeErrorOf(error, place);
    }
  };
  const queries: Queries = {
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

  return {
    ...queries,
    async transaction(work) {
      await query('BEGIN');
      try {
        const answer = await work(queries);
        // A failed statement that `work` did not pass on makes of COMMIT, silently, a ROLLBACK.
        const { command } = await query('COMMIT');
        if (command === 'COMMIT') return answer;
      } catch (error) {
        // Fails only with the connection, which then is closed: the server takes back what is not committed.
        if (isSound) await query('ROLLBACK').catch(() => undefined);
        throw error;
      }
      throw new StoreError('store.unavailable', place, {
        detail: 'A statement of a transaction had failed, so nothing of it was kept.',
      });
    },
    release() {
      client.off('error', broke);
      client.release(!isSound);
    },
  };
}
