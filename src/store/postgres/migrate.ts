import type { PoolClient } from 'pg';
import { z } from 'zod';
import { StoreError } from '../store-error.ts';
import { MIGRATIONS } from './migrations/index.ts';

/** Whoever migrates holds this lock; any number does that nobody else on the server uses. */
const MIGRATION_LOCK = 7_718_203_301;

const versionRow = z.object({ version: z.int() });

/** The version of a database that this muster has migrated. */
export const SCHEMA_VERSION = Math.max(...MIGRATIONS.map(({ version }) => version));

/**
 * Brings a database up to this muster's version, one transaction for each step. Several processes may do it at once: one
 * does the work, the others find it done.
 *
 * @throws StoreError `store.newer`
 */
export async function migrate(client: PoolClient, place: string): Promise<void> {
  if ((await versionsIn(client, place)).size === MIGRATIONS.length) return;
  await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    await client.query(
      `CREATE TABLE IF NOT EXISTS muster_migrations (
         version integer PRIMARY KEY,
         name text NOT NULL,
         applied_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
    const done = await versionsIn(client, place);
    for (const { version, name, sql } of MIGRATIONS) {
      if (done.has(version)) continue;
      await client.query('BEGIN');
      try {
        await client.query(sql);
        await client.query('INSERT INTO muster_migrations (version, name) VALUES ($1, $2)', [version, name]);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    }
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
  }
}

async function versionsIn(client: PoolClient, place: string): Promise<ReadonlySet<number>> {
  const { rows: there } = await client.query(
    "SELECT to_regclass('muster_migrations') IS NOT NULL AS version",
  );
  if (there[0] === undefined || (there[0] as { version: boolean }).version === false) return new Set();
  const { rows } = await client.query('SELECT version FROM muster_migrations');
  const versions = new Set(rows.map((row: unknown) => versionRow.parse(row).version));
  const unknown = [...versions].filter((version) => !MIGRATIONS.some((known) => known.version === version));
  if (unknown.length > 0) {
    throw new StoreError('store.newer', place, { detail: `It has migration ${unknown.join(', ')}.` });
  }
  return versions;
}
