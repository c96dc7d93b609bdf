import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { readEnvironment } from '../../src/config/environment.ts';

export const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

/** A folder of this test alone, removed when it is over. */
export async function tempFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'muster-stack-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A shell script that can be run. */
export async function writeProgram(path: string, script: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A stand-in for the Temporal CLI that only knows its version. */
export function writeFakeCli(path: string, version = '1.5.1'): Promise<string> {
  return writeProgram(path, `echo "temporal version ${version} (Server 1.29.1, UI 2.42.1)"`);
}

/** An environment in which nothing of this machine is found, with the given variables. */
export function environmentOf(variables: Record<string, string> = {}): Environment {
  return readEnvironment({ PATH: '', ...variables });
}

/** Looks until the condition holds. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  limitMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('It did not come true in time.');
    await delay(20);
  }
}

/** The error that the promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It did not reject.');
    },
    (error: unknown) => error,
  );
}
