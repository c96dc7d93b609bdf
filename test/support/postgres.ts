import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgresServer } from '../../src/stack/postgres/postgres-server.ts';

/** A PostgreSQL of our own. */
export interface Postgres {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts the PostgreSQL that comes with muster, on a folder that goes with it. Stop it at the end. */
export async function startPostgres(): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-postgres-'));
  const server = await startPostgresServer({ folder, logFile: join(folder, 'postgres.log') });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Tables of one's own on a server that is shared: a schema, by a URL that leads into it. */
export async function newTables(url: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await statement(url, `CREATE SCHEMA ${name}`);
  const own = new URL(url);
  own.searchParams.set('options', `-c search_path=${name} -c client_min_messages=warning`);
  return { url: own.href, drop: () => statement(url, `DROP SCHEMA ${name} CASCADE`) };
}

/** Runs one statement on a connection of its own. */
export async function statement(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
