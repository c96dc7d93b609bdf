import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/store/index.ts';
import { MIGRATIONS } from '../../src/store/postgres/migrations/index.ts';
import type { Migration } from '../../src/store/postgres/migrations/migration.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { rowsAt } from './support.ts';

const VERSIONS = 'SELECT version, name FROM muster_migrations ORDER BY version';
const FIRST: Migration = { version: 1, name: 'first', sql: 'CREATE TABLE one (id integer)' };

function open(url: string, migrations?: readonly Migration[]) {
  const database = openDatabase({ url, ...(migrations === undefined ? {} : { migrations }) });
  onTestFinished(() => database.close());
  return database;
}

it('have numbers that are unique and ascend', () => {
  const versions = MIGRATIONS.map(({ version }) => version);
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
});

it('are done once by eight processes that begin together', async () => {
  const url = await databaseUrlForTest();
  const script = fileURLToPath(new URL('./migrate-once.ts', import.meta.url));
  const codes = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const child = spawn(process.execPath, ['--import', 'tsx', script], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DATABASE_URL: url },
      });
      const [code] = (await once(child, 'close')) as [number | null];
      return code;
    }),
  );
  expect(codes).toEqual(Array.from({ length: 8 }, () => 0));
  expect(await rowsAt(url, VERSIONS)).toEqual(MIGRATIONS.map(({ version, name }) => ({ version, name })));
});

it('of a newer muster are left alone', async () => {
  const url = await databaseUrlForTest();
  await open(url).run('SELECT 1');
  await open(url).run("INSERT INTO muster_migrations (version, name) VALUES (999, 'later')");
  await expect(open(url).run('SELECT 1')).rejects.toMatchObject({ code: 'store.newer' });
});

it('that fail leave the tables as the one before made them', async () => {
  const url = await databaseUrlForTest();
  const half = { version: 2, name: 'half', sql: 'CREATE TABLE two (id integer); CREATE TABLE two (id text)' };
  await expect(open(url, [FIRST, half]).run('SELECT 1')).rejects.toThrow('already exists');
  expect(await rowsAt(url, VERSIONS)).toEqual([{ version: 1, name: 'first' }]);
  expect(await rowsAt(url, "SELECT to_regclass('two') AS two")).toEqual([{ two: null }]);
});

it('go on after one that failed was mended', async () => {
  const url = await databaseUrlForTest();
  const wrong = { version: 2, name: 'second', sql: 'CREATE NONSENSE' };
  const database = open(url, [FIRST, wrong]);
  await expect(database.run('SELECT 1')).rejects.toThrow('syntax error');
  await open(url, [FIRST, { ...wrong, sql: 'CREATE TABLE two (id integer)' }]).run('SELECT 1');
  expect(await rowsAt(url, VERSIONS)).toHaveLength(2);
});

it('are refused as unavailable to an account without rights', async () => {
  const url = await databaseUrlForTest();
  const role = `reader_${process.pid}_${Date.now()}`;
  await rowsAt(url, `CREATE ROLE ${role} LOGIN PASSWORD 'secret-of-reader'`);
  onTestFinished(async () => {
    await rowsAt(url, `DROP ROLE ${role}`);
  });
  const asReader = new URL(url);
  asReader.username = role;
  asReader.password = 'secret-of-reader';
  asReader.searchParams.set('options', '-c search_path=public');
  await expect(open(asReader.href).run('SELECT 1')).rejects.toMatchObject({
    code: 'store.unavailable',
    message: expect.stringContaining('permission denied') as string,
  });
});
