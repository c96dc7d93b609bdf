import { inject, onTestFinished } from 'vitest';
import { openDatabase, openStores, type Database, type Stores } from '../../src/store/index.ts';
import { newTables, spareTables } from './postgres.ts';

/** A URL to tables that only this test has, empty until something opens them; they go with the test. */
export async function databaseUrlForTest(): Promise<string> {
  const { url, drop } = await newTables(inject('databaseUrl'));
  onTestFinished(drop);
  return url;
}

/** A muster's tables that only this test has, empty; they go with the test. */
export async function databaseForTest(): Promise<Database> {
  const { url, drop } = await spareTables(inject('databaseUrl'));
  onTestFinished(drop);
  const database = openDatabase({ url });
  onTestFinished(() => database.close());
  return database;
}

/** The stores over a database that only this test has. */
export async function storesForTest({
  folder,
  now,
}: {
  readonly folder: string;
  readonly now?: () => number;
}): Promise<Stores> {
  return openStores({ database: await databaseForTest(), folder, ...(now === undefined ? {} : { now }) });
}
