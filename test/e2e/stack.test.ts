import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isRunning } from '../../src/stack/process-identity.ts';
import { readStackFile } from '../../src/stack/stack-file.ts';
import { spawnMuster } from '../support/muster-process.ts';

const UP = 'muster is up';

test('a second stack on the same data is refused with the first one’s process id', async () => {
  const data = await dataFolder();
  const first = spawnMuster(['--data', data, 'start']);
  await first.said(UP);
  const second = spawnMuster(['--data', data, 'start']);
  expect(await second.ended).toBe(2);
  expect(second.output()).toContain(`process ${first.child.pid ?? 0}`);
});

test('a stack ends in order on Ctrl-C and leaves no process and no lock behind', async () => {
  const data = await dataFolder();
  const stack = spawnMuster(['--data', data, 'start']);
  await stack.said(UP);
  const file = await readStackFile({ folder: data });
  stack.child.kill('SIGINT');
  expect(await stack.ended).toBe(0);
  expect(await isRunning(file?.temporal.pid ?? 0)).toBe(false);
  expect(await readdir(data)).not.toEqual(expect.arrayContaining(['lock', 'stack.json']));
});

test('a stack that was killed is taken over: its Temporal server is ended, its runs are there', async () => {
  const data = await dataFolder();
  const killed = spawnMuster(['--data', data, 'start']);
  await killed.said(UP);
  const before = await readStackFile({ folder: data });
  const run = spawnMuster([
    '--data',
    data,
    'run',
    'recovery-tokens',
    '--as',
    'anna',
    '-i',
    `backupId=${BACKUP}`,
  ]);
  expect(await run.ended).toBe(0);
  killed.child.kill('SIGKILL');
  await killed.ended;
  const next = spawnMuster(['--data', data, 'start']);
  await next.said(UP);
  expect(await isRunning(before?.temporal.pid ?? 0)).toBe(false);
  const runs = spawnMuster(['--data', data, 'runs']);
  expect(await runs.ended).toBe(0);
  expect(runs.output()).toContain('recovery-tokens-');
});

/** An agent backup of the simulator's demo world. */
const BACKUP = '7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0001';

async function dataFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'muster-stack-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
