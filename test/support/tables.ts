import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openDatabase } from '../../src/store/index.ts';
import { MARKS } from './secret-search.ts';
import { statement, type Row } from './statement.ts';

/** As PostgreSQL says it of a relation that is not there. */
const UNDEFINED_TABLE = '42P01';
/** Above, what a test has left is not worth clearing. */
const SPARE_BYTES = 16 * 1_024 * 1_024;

/** Tables of one's own on a server that is shared: a schema, by a URL that leads into it. */
export interface Tables {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** Tables that only the caller has: none yet. */
export async function newTables(url: string): Promise<Tables> {
  const name = nameOfNew();
  await statement(url, `CREATE SCHEMA ${name}`);
  return tablesIn({ url, name, end: dropping(name) });
}

/**
 * A muster's tables that only the caller has, all of them empty, and mostly there already: those of a test that has ended are
 * cleared and given to the next, because making them takes a server ten times as long. A server that is not prepared for it
 * ({@link prepareSpares}) makes new ones.
 */
export async function spareTables(url: string): Promise<Tables> {
  const taken = await takeSpare(url);
  if (taken === 'unprepared') return newTables(url);
  const [spare] = taken;
  const name = spare === undefined ? nameOfNew() : String(spare['name']);
  if (spare === undefined) await statement(url, `CREATE SCHEMA ${name}`);
  // Nobody asks for what they hold when the machine has gone down.
  return tablesIn({ url, name, end: clearing(name), more: '-c synchronous_commit=off' });
}

async function takeSpare(url: string): Promise<readonly Row[] | 'unprepared'> {
  try {
    return await statement(
      url,
      `DELETE FROM spares.free WHERE name =
         (SELECT name FROM spares.free LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING name`,
    );
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE) return 'unprepared';
    throw error;
  }
}

/** Before the first of {@link spareTables}: a list of those that are free, and how tables look that nobody has altered. */
export async function prepareSpares(url: string): Promise<void> {
  await statement(
    url,
    `CREATE SCHEMA spares;
     CREATE TABLE spares.free (name text PRIMARY KEY);
     CREATE TABLE spares.unaltered (shape text NOT NULL);
     CREATE FUNCTION spares.shape(space regnamespace) RETURNS text LANGUAGE sql STABLE AS $$
       SELECT string_agg(part, ',' ORDER BY part) FROM (
         SELECT concat_ws(' ', relname, relkind, attname, atttypid, attnotnull) AS part
         FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
         WHERE relnamespace = space AND attnum > 0
         UNION ALL SELECT concat_ws(' ', conname, contype, convalidated)
         FROM pg_constraint WHERE connamespace = space
         UNION ALL SELECT concat_ws(' ', relname, CASE WHEN tgisinternal THEN '' ELSE tgname END, tgenabled)
         FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid WHERE relnamespace = space
         UNION ALL SELECT concat_ws(' ', proname, prosrc) FROM pg_proc WHERE pronamespace = space
       ) parts $$`,
  );
  const { url: own, drop } = await newTables(url);
  const database = openDatabase({ url: own });
  await database.run('INSERT INTO spares.unaltered SELECT spares.shape(current_schema()::regnamespace)');
  await database.close();
  await drop();
}

function nameOfNew(): string {
  return `test_${randomUUID().replaceAll('-', '')}`;
}

function tablesIn({
  url,
  name,
  end,
  more = '',
}: {
  readonly url: string;
  readonly name: string;
  /** What ends the use of them. */
  readonly end: string;
  readonly more?: string;
}): Tables {
  const own = new URL(url);
  own.searchParams.set('options', `-c search_path=${name} -c client_min_messages=warning ${more}`.trim());
  own.searchParams.set('application_name', name);
  let dropped: Promise<void> | undefined;
  return {
    url: own.href,
    // Once: by a second time they would be somebody else's.
    drop: () => (dropped ??= statement(url, end).then(() => undefined)),
  };
}

const FORMS = MARKS.map((mark) => `row LIKE '%${mark}%'`).join(' OR ');

/** Every test that has tables tells when a secret of a simulated server got into them, in whatever form. */
function assertNoSecrets(schema: string): string {
  return `DO $do$
    DECLARE name text; found text;
    BEGIN
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '${schema}' LOOP
        EXECUTE 'SELECT left(row, 200) FROM (SELECT t::text AS row FROM ${schema}.' || quote_ident(name)
          || ' t) rows WHERE ' || $forms$${FORMS}$forms$ || ' LIMIT 1' INTO found;
        IF found IS NOT NULL THEN RAISE EXCEPTION 'a secret is in the table %: %', name, found; END IF;
      END LOOP;
    END $do$;`;
}

function dropping(schema: string): string {
  return `${assertNoSecrets(schema)} DROP SCHEMA ${schema} CASCADE;`;
}

/** Whoever is still there is sent away first: a worker that was killed may have a statement under way. */
function clearing(schema: string): string {
  return `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '${schema}';
    ${assertNoSecrets(schema)}
    DO $do$
    DECLARE name text;
    BEGIN
      IF spares.shape('${schema}') IS DISTINCT FROM (SELECT shape FROM spares.unaltered)
        OR (SELECT sum(pg_total_relation_size(oid)) FROM pg_class
            WHERE relnamespace = '${schema}'::regnamespace AND relkind = 'r') > ${SPARE_BYTES}
      THEN
        DROP SCHEMA ${schema} CASCADE;
        RETURN;
      END IF;
      -- No trigger stops this: neither the ledger's own nor those of references.
      SET LOCAL session_replication_role = replica;
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '${schema}' LOOP
        CONTINUE WHEN name = 'muster_migrations';
        EXECUTE 'DELETE FROM ${schema}.' || quote_ident(name);
      END LOOP;
      PERFORM setval(format('${schema}.%I', sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE schemaname = '${schema}';
      INSERT INTO spares.free VALUES ('${schema}');
    END $do$;`;
}
