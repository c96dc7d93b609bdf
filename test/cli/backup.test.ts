import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BackupOptions, BackupReport } from '../../src/cli/stack-door.ts';
import { StoreError } from '../../src/store/index.ts';
import { runMuster } from './run-muster.ts';

const REPORT: BackupReport = {
  file: join(process.cwd(), 'a.backup'),
  database: '127.0.0.1:54330/muster',
  rows: 7,
  tables: { contents: 5, runs: 2, votes: 0 },
};

/** Runs a command line; also what the stack was asked. */
async function ran(args: readonly string[], answer: () => BackupReport = () => REPORT) {
  const asked: [string, BackupOptions][] = [];
  const work = (name: string) => async (options: BackupOptions) => {
    asked.push([name, options]);
    options.onProgress('Making the database.');
    return answer();
  };
  const ended = await runMuster(args, {
    stack: {
      runBackup: work('backup'),
      runRestore: work('restore'),
    },
  });
  return { ...ended, asked };
}

test.each([
  ['backup', 'Written: 7 rows of 2 tables, a.backup, database 127.0.0.1:54330/muster\n'],
  ['restore', 'Restored: 7 rows of 2 tables, a.backup, database 127.0.0.1:54330/muster\n'],
])('%s says what it did', async (command, says) => {
  const { code, stdout, stderr } = await ran([command, 'a.backup']);
  expect([code, stdout, stderr]).toEqual([0, says, 'Making the database.\n']);
});

test('a backup is of the data folder that was named, into a file beside the person', async () => {
  const { asked } = await ran(['--data', 'x', 'backup', 'b/a.backup']);
  expect(asked).toMatchObject([
    ['backup', { dataDir: expect.stringMatching(/x$/) as string, file: join(process.cwd(), 'b/a.backup') }],
  ]);
});

test('with --json the rows of every table are told', async () => {
  const { stdout } = await ran(['restore', 'a.backup', '--json']);
  expect(JSON.parse(stdout)).toEqual(REPORT);
});

test('a file without a name is bad input', async () => {
  const { code, asked } = await ran(['backup']);
  expect([code, asked]).toEqual([2, []]);
});

test.each([
  ['store.badBackup', 2],
  ['store.notEmpty', 2],
  ['store.newer', 2],
  ['store.notFound', 2],
  ['store.unavailable', 4],
  ['store.full', 1],
] as const)('%s ends the command with %i', async (code, exit) => {
  const ended = await ran(['restore', 'a.backup'], () => {
    throw new StoreError(code, 'a.backup');
  });
  expect([ended.code, ended.stderr]).toEqual([exit, expect.stringContaining(`(${code})`)]);
});
