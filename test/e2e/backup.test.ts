import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { acquireStackLock } from '../../src/stack/lock.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { spawnMuster } from '../support/muster-process.ts';
import { errorOf, tempFolder } from '../stack/helpers.ts';
import { commandLinesWith, newServerForTest } from '../stack/postgres-support.ts';
import { everythingIn, storesOver } from '../store/support.ts';

/** Runs a command to its end. */
async function muster(args: readonly string[], env?: Readonly<Record<string, string>>) {
  const command = spawnMuster(args, env);
  return { code: await command.ended, output: command.output() };
}

/** A database with something in it. */
async function filledUrl(): Promise<string> {
  const url = await databaseUrlForTest();
  const { contents, refusals } = await storesOver(url);
  await contents.put('output');
  await refusals.add('run', 0, [{ id: 'vote', at: 1, refusal: 'badSignature' }]);
  return url;
}

test('a backup of one server is restored into another', async () => {
  const [from, to] = [await filledUrl(), await databaseUrlForTest()];
  const file = join(await tempFolder(), 'muster.backup');
  const backup = await muster(['backup', file], { DATABASE_URL: from });
  expect(backup).toMatchObject({ code: 0, output: expect.stringContaining('4 rows of 4 tables') as string });
  const restore = await muster(['restore', file, '--json'], { DATABASE_URL: to });
  expect([restore.code, (JSON.parse(restore.output) as { rows: number }).rows]).toEqual([0, 4]);
  expect(await everythingIn(to)).toEqual(await everythingIn(from));
});

test('a data folder that is not there yet is made for a restore, and can be backed up while no stack runs', async () => {
  const folder = await tempFolder();
  const [data, file, again] = ['data', 'muster.backup', 'again.backup'].map((name) => join(folder, name));
  await muster(['backup', String(file)], { DATABASE_URL: await filledUrl() });
  const restore = await muster(['--data', String(data), 'restore', String(file)]);
  expect(restore).toMatchObject({ code: 0, output: expect.stringContaining('4 rows of 4 tables') as string });
  const backup = await muster(['--data', String(data), 'backup', String(again)]);
  expect(backup).toMatchObject({ code: 0, output: expect.stringContaining('4 rows of 4 tables') as string });
  expect(await commandLinesWith(String(data))).toEqual([]);
});

test('the database of a stack that runs can be backed up, and nothing restored into it', async () => {
  const folder = await tempFolder();
  const file = join(folder, 'muster.backup');
  const lock = await acquireStackLock({ folder });
  onTestFinished(() => lock.release());
  const server = await newServerForTest({ folder: join(folder, 'postgres') });
  const { contents } = await storesOver(server.url);
  await contents.put('output');
  const backup = await muster(['--data', folder, 'backup', file]);
  const restore = await muster(['--data', folder, 'restore', file]);
  expect([backup.code, restore.code]).toEqual([0, 2]);
  expect(restore.output).toContain('(stack.alreadyRunning)');
});

test.each([
  ['a file that is none', 'store.badBackup', 2],
  ['a file that is not there', 'store.notFound', 2],
])('a restore from %s says so', async (what, code, exit) => {
  const file = join(await tempFolder(), 'muster.backup');
  if (!what.includes('not there')) await writeFile(file, 'hello');
  const restore = await muster(['restore', file], { DATABASE_URL: await databaseUrlForTest() });
  expect(restore).toMatchObject({ code: exit, output: expect.stringContaining(`(${code})`) as string });
});

test('a backup that fails leaves no file and tells no password', async () => {
  const file = join(await tempFolder(), 'muster.backup');
  const backup = await muster(['backup', file], {
    DATABASE_URL: 'postgres://muster:hunter2@127.0.0.1:1/muster',
  });
  expect(backup).toMatchObject({ code: 4, output: expect.not.stringContaining('hunter2') as string });
  expect(await errorOf(readFile(file))).toMatchObject({ code: 'ENOENT' });
});

test.each([
  ['nobody listens', 'postgres://muster:hunter2@127.0.0.1:1/muster', 'ECONNREFUSED'],
  ['no host has this name', 'postgres://muster:hunter2@muster.invalid/muster', 'muster.invalid'],
  ['it is no URL', 'hunter2', 'It is no URL of PostgreSQL'],
])('a stack starts nothing when DATABASE_URL leads nowhere: %s', async (_, url, says) => {
  const data = join(await tempFolder(), 'data');
  const start = await muster(['--data', data, 'start'], { DATABASE_URL: url });
  expect([start.code, start.output.trim().split('\n')]).toEqual([
    4,
    [expect.stringMatching(new RegExp(`^error .*${says}.*\\(store.unavailable\\)$`))],
  ]);
  expect(start.output).not.toContain('hunter2');
  expect(await commandLinesWith(data)).toEqual([]);
});
