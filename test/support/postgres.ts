import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgresServer } from '../../src/stack/postgres/postgres-server.ts';
import { prepareSpares } from './tables.ts';

export { newTables, spareTables, type Tables } from './tables.ts';
export { statement } from './statement.ts';

/** A PostgreSQL of our own. */
export interface Postgres {
  readonly url: string;
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/** Starts the PostgreSQL that comes with muster, on a folder that goes with it. Stop it at the end. */
export async function startPostgres(): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-postgres-'));
  const server = await startPostgresServer({
    folder,
    logFile: join(folder, 'postgres.log'),
    // Its own is small, and tests write more in minutes than a muster in months.
    // Its own is small, and tests write more in minutes than a muster in months; at the end all of it is searched.
    settings: { max_wal_size: '1GB', checkpoint_timeout: '30min', shared_buffers: '256MB' },
  });
  await prepareSpares(server.url);
  return {
    url: server.url,
    folder,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
