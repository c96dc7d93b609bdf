import { afterAll, beforeAll, expect, test } from 'vitest';
import { markedSecret } from '../../src/simulator/secret-mark.ts';
import { openDatabase } from '../../src/store/index.ts';
import { spareTables, startPostgres, statement, type Postgres, type Tables } from './postgres.ts';

// Of its own: on the suite's another test would take what is free.
let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** Tables with one row, as a test leaves them. */
async function usedTables(): Promise<Tables> {
  const tables = await spareTables(server.url);
  const database = openDatabase({ url: tables.url });
  await database.run(`INSERT INTO contents (digest, body) VALUES ('${'d'.repeat(64)}', 'left behind')`);
  await database.close();
  return tables;
}

test('tables that are given again hold nothing of the test before', async () => {
  const { url, drop } = await usedTables();
  await drop();
  expect(await statement(url, 'SELECT * FROM contents')).toEqual([]);
});

test('tables that are dropped twice are not taken from the test that has them by then', async () => {
  const { drop } = await usedTables();
  await drop();
  const { url } = await usedTables();
  await drop();
  expect(await statement(url, 'SELECT body FROM contents')).toEqual([{ body: 'left behind' }]);
});

test('tables that a test has altered are not given again', async () => {
  const { url, drop } = await usedTables();
  await statement(url, 'ALTER TABLE ledger DISABLE TRIGGER ledger_stays');
  await drop();
  await expect(statement(url, 'SELECT * FROM contents')).rejects.toThrow('does not exist');
});

test('tables with a secret of a simulated server fail the test that left it', async () => {
  const { url, drop } = await usedTables();
  await statement(url, `UPDATE contents SET body = 'before ${markedSecret(9, 'hex')}'`);
  await expect(drop()).rejects.toThrow('a secret is in the table contents');
});

test('whoever is still at the tables of a test that has ended is sent away', async () => {
  const { url, drop } = await usedTables();
  const left = openDatabase({ url });
  const writing = left.transaction(async (queries) => {
    await queries.run("UPDATE contents SET body = 'late'");
    await drop();
    await queries.run("UPDATE contents SET body = 'later'");
  });
  await expect(writing).rejects.toMatchObject({ code: 'store.unavailable' });
  await left.close();
  expect(await statement(url, 'SELECT * FROM contents')).toEqual([]);
});
