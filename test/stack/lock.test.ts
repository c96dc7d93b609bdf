import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireStackLock } from '../../src/stack/lock.ts';
import { startMarkOf } from '../../src/stack/process-identity.ts';
import { errorOf, PROJECT_ROOT, tempFolder } from './helpers.ts';

/** A process id that no system gives out. */
const NO_PID = 2 ** 22 + 12_345;

async function leaveLock(folder: string, owner: Record<string, unknown>): Promise<void> {
  await writeFile(
    join(folder, 'lock'),
    JSON.stringify({ since: '2026-11-01T00:00:00Z', token: 'old', ...owner }),
  );
}

/** Takes the lock in a process of its own, and comes back with its first line; the process lives on until the test ends. */
async function takeElsewhere(folder: string): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'fixtures', 'take-lock.ts'), folder],
    { cwd: PROJECT_ROOT, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const gone = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.stdin.end();
    await gone;
  });
  return new Promise((resolve) =>
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim())),
  );
}

describe('the lock of a stack', () => {
  it('is refused while another stack runs', async () => {
    const folder = await tempFolder();
    await acquireStackLock({ folder });
    const error = await errorOf(acquireStackLock({ folder }));
    expect(error).toMatchObject({ code: 'stack.alreadyRunning', pid: process.pid });
    expect(String(error)).toContain(`process ${process.pid}`);
  });

  it('is free again when released', async () => {
    const folder = await tempFolder();
    const lock = await acquireStackLock({ folder });
    await lock.release();
    await lock.release();
    await acquireStackLock({ folder });
    expect(await readdir(folder)).toEqual(['lock']);
  });

  it('is taken over from a process that is gone', async () => {
    const folder = await tempFolder();
    await leaveLock(folder, { pid: NO_PID });
    await acquireStackLock({ folder });
    expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(await readdir(folder)).toEqual(['lock']);
  });

  it('is taken over when its process id belongs to another process now', async () => {
    const folder = await tempFolder();
    await leaveLock(folder, { pid: process.pid, startMark: 'another boot/1' });
    await expect(acquireStackLock({ folder })).resolves.toBeDefined();
  });

  it('is taken over when it is not a lock at all', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'lock'), '');
    await expect(acquireStackLock({ folder })).resolves.toBeDefined();
  });

  it('is not given back by one that lost it', async () => {
    const folder = await tempFolder();
    const lock = await acquireStackLock({ folder });
    await leaveLock(folder, { pid: process.pid, startMark: await startMarkOf(process.pid) });
    await lock.release();
    expect(await readdir(folder)).toEqual(['lock']);
  });

  it('goes to one of several processes that find a stale one', async () => {
    const folder = await tempFolder();
    await leaveLock(folder, { pid: NO_PID });
    const said = await Promise.all([1, 2, 3].map(() => takeElsewhere(folder)));
    expect(said.sort()).toEqual(['held', 'stack.alreadyRunning', 'stack.alreadyRunning']);
  });
});
