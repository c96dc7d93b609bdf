import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commandLineOf, isRunning } from '../../src/stack/process-identity.ts';
import {
  endOrphanedServer,
  readStackFile,
  removeStackFile,
  writeStackFile,
} from '../../src/stack/stack-file.ts';
import type { StackFile } from '../../src/stack/stack-file.ts';
import { errorOf, eventually, tempFolder, writeProgram } from './helpers.ts';

const stack: StackFile = {
  version: 1,
  pid: 4_711,
  startedAt: '2026-11-21T09:00:00Z',
  temporal: {
    pid: 4_712,
    address: '127.0.0.1:7233',
    uiUrl: 'http://127.0.0.1:8233',
    namespace: 'muster',
    dbFile: '/data/temporal.db',
  },
  urls: { vro: 'http://127.0.0.1:9898' },
};

/** A process that waits, started as a Temporal server would be. */
async function startWaiting(
  program: string,
  dbFile: string,
): Promise<{ pid: number; gone: Promise<unknown> }> {
  const child = spawn(program, ['server', 'start-dev', '--db-filename', dbFile, '--port', '1'], {
    stdio: 'ignore',
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  const pid = child.pid ?? 0;
  await eventually(async () => (await commandLineOf(pid))?.includes(dbFile) === true);
  return { pid, gone };
}

describe('the stack file', () => {
  it('reads as it was written, and leaves no draft', async () => {
    const folder = await tempFolder();
    await writeStackFile({ folder, stack });
    expect(await readStackFile({ folder })).toEqual(stack);
    expect(await readdir(folder)).toEqual(['stack.json']);
  });

  it('is absent before and after', async () => {
    const folder = await tempFolder();
    await writeStackFile({ folder, stack });
    await removeStackFile({ folder });
    expect(await readStackFile({ folder })).toBeUndefined();
  });

  it.each(['', '{"version":2}', '[]'])('is refused when it says %j', async (text) => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'stack.json'), text);
    expect(await errorOf(readStackFile({ folder }))).toMatchObject({ code: 'stack.fileUnreadable' });
  });
});

describe('an orphaned server', () => {
  it('is ended when it works on our database', async () => {
    const folder = await tempFolder();
    const program = await writeProgram(join(folder, 'temporal'), 'while :; do sleep 0.05; done');
    const { pid, gone } = await startWaiting(program, join(folder, 'ours.db'));
    expect(await endOrphanedServer({ pid, dbFile: join(folder, 'ours.db') })).toBe(true);
    await gone;
    expect(await isRunning(pid)).toBe(false);
  });

  it.each([
    { what: 'works on another database', name: 'temporal', dbFile: 'other.db' },
    { what: 'is another program', name: 'backup', dbFile: 'ours.db' },
  ])('is left alone when it $what', async ({ name, dbFile }) => {
    const folder = await tempFolder();
    const program = await writeProgram(join(folder, name), 'while :; do sleep 0.05; done');
    const { pid } = await startWaiting(program, join(folder, dbFile));
    expect(await endOrphanedServer({ pid, dbFile: join(folder, 'ours.db') })).toBe(false);
    expect(await isRunning(pid)).toBe(true);
  });
});
