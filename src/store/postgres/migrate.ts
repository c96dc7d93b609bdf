import { z } from 'zod';
import { StoreError } from '../store-error.ts';
import type { Queries } from './queries.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import type { Session } from './session.ts';

/** Whoever migrates holds this lock; any number does that nobody else on the server uses. */
const MIGRATION_LOCK = 7_718_203_301;

const thereRow = z.object({ there: z.boolean() });
const versionRow = z.object({ version: z.int() });

/** The version of a database that this muster has migrated. */
export const SCHEMA_VERSION = Math.max(...MIGRATIONS.map(({ version }) => version));

/**
 * Brings a database up to this muster's version, one transaction for each step. Several processes may do it at once: one
 * does the work, the others find it done.
 *
 * @throws StoreError `store.newer`
 */
export async function migrate(
  session: Session,
  place: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  if ((await knownVersions(session, place, migrations)).size === migrations.length) return;
  await session.run('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    await session.run(
      `CREATE TABLE IF NOT EXISTS muster_migrations (
         version integer PRIMARY KEY,
         name text NOT NULL,
         applied_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
    const done = await knownVersions(session, place, migrations);
    for (const { version, name, sql } of migrations) {
      if (done.has(version)) continue;
      await session.transaction(async (queries) => {
        await queries.run(sql);
        await queries.run('INSERT INTO muster_migrations (version, name) VALUES ($1, $2)', [version, name]);
      });
    }
  } finally {
    // A connection on which this fails is closed, which frees the lock as well.
    await session.run('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
  }
}

/** The migrations that a database has had. Changes nothing. */
export async function versionsIn(queries: Queries): Promise<ReadonlySet<number>> {
  const [table] = await queries.rows(
    thereRow,
    "SELECT to_regclass('muster_migrations') IS NOT NULL AS there",
  );
  if (table?.there !== true) return new Set();
  const rows = await queries.rows(versionRow, 'SELECT version FROM muster_migrations');
  return new Set(rows.map(({ version }) => version));
}

/** @throws StoreError `store.newer` when one of them is not ours */
async function knownVersions(
  queries: Queries,
  place: string,
  migrations: readonly Migration[],
): Promise<ReadonlySet<number>> {
  const versions = await versionsIn(queries);
  const newer = [...versions].filter((version) => !migrations.some((known) => known.version === version));
  if (newer.length > 0) {
    throw new StoreError('store.newer', place, { detail: `It has migration ${newer.join(', ')}.` });
  }
  return versions;
}
