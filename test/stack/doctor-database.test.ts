import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/store/index.ts';
import { MIGRATIONS } from '../../src/store/postgres/migrations/index.ts';
import { databaseLine } from '../../src/stack/doctor/database.ts';
import { kindOfAccount } from '../../src/stack/postgres/account.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { rowsAt } from '../store/support.ts';
import { tempFolder } from './helpers.ts';
import { newServerForTest } from './postgres-support.ts';

const containing = (text: string) => expect.stringContaining(text) as string;
const dataDir = '/nowhere';

test('a database that nobody has used yet is good, and stays as it is', async () => {
  const databaseUrl = await databaseUrlForTest();
  expect(await databaseLine({ databaseUrl, dataDir })).toMatchObject({
    check: 'database',
    level: 'ok',
    says: containing(`by DATABASE_URL, 0 migrations done, ${MIGRATIONS.length} to come with the next start`),
    ms: expect.any(Number) as number,
  });
  expect(await rowsAt(databaseUrl, "SELECT to_regclass('muster_migrations') AS there")).toEqual([
    { there: null },
  ]);
});

test('a database that is in use is shown with place, version and migrations', async () => {
  const databaseUrl = await databaseUrlForTest();
  const database = openDatabase({ url: databaseUrl });
  await database.run('SELECT 1');
  await database.close();
  const { says } = await databaseLine({ databaseUrl, dataDir });
  expect(says).toMatch(
    /^127\.0\.0\.1:\d+\/muster, PostgreSQL \d+\.\d+ by DATABASE_URL, \d+ migrations done$/,
  );
});

test('a database of a newer muster is bad', async () => {
  const databaseUrl = await databaseUrlForTest();
  const database = openDatabase({ url: databaseUrl });
  await database.run("INSERT INTO muster_migrations (version, name) VALUES (999, 'later')");
  await database.close();
  expect(await databaseLine({ databaseUrl, dataDir })).toMatchObject({
    level: 'bad',
    says: containing('migration 999'),
    now: containing('Run that version'),
  });
});

test('a server that may lose what it confirmed is a warning', async () => {
  const unsafe = new URL(await databaseUrlForTest());
  unsafe.searchParams.set('options', `${unsafe.searchParams.get('options') ?? ''} -c synchronous_commit=off`);
  expect(await databaseLine({ databaseUrl: unsafe.href, dataDir })).toMatchObject({
    level: 'warn',
    says: containing('synchronous_commit is off'),
  });
});

test('a database that is away is bad, without its password', async () => {
  const line = await databaseLine({ databaseUrl: 'postgres://muster:hunter2@127.0.0.1:1/muster', dataDir });
  expect(line).toMatchObject({ check: 'database', level: 'bad', says: containing('ECONNREFUSED') });
  expect(JSON.stringify(line)).not.toContain('hunter2');
});

test('the database of a stack that runs is shown with how it is run', async () => {
  const folder = await tempFolder();
  const { port } = await newServerForTest({ folder: join(folder, 'postgres') });
  const { level, says } = await databaseLine({ dataDir: folder });
  const way = { self: 'as this account', namespace: 'user namespace', other: 'without rights' };
  expect([level, says]).toEqual(['ok', containing(`127.0.0.1:${port}/muster`)]);
  expect(says).toContain(way[await kindOfAccount()]);
});

test('without a stack it is told that the database comes with one', async () => {
  expect(await databaseLine({ dataDir: await tempFolder() })).toMatchObject({
    level: 'warn',
    says: containing('PostgreSQL starts with the stack'),
    now: containing('npx muster start'),
  });
});
