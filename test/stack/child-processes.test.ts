import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../src/stack/run-command.ts';
import { isRunning } from '../../src/stack/process-identity.ts';
import { eventually, PROJECT_ROOT } from './helpers.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures', 'start-child.ts');

async function startParent(...args: string[]) {
  const parent = spawn(process.execPath, ['--import', 'tsx', FIXTURE, ...args], {
    cwd: PROJECT_ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = new Promise((resolve) => parent.once('exit', (code, signal) => resolve(signal ?? code)));
  let said = '';
  parent.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await eventually(() => said.includes('\n'));
  return { parent, gone, childPid: Number(said.split('\n')[0]), output: () => said };
}

describe('a child process', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends with its group when the parent gets %s',
    async (signal) => {
      const { parent, gone, childPid } = await startParent();
      parent.kill(signal);
      expect(await gone).toBe(signal);
      await eventually(async () => !(await isRunning(childPid)));
    },
  );

  it('ends when a parent that handles its signals exits in order', async () => {
    const { parent, gone, childPid, output } = await startParent('handled');
    parent.kill('SIGTERM');
    expect(await gone).toBe(0);
    expect(output()).toContain('stopping in order');
    await eventually(async () => !(await isRunning(childPid)));
  });
});

describe('a command', () => {
  it('is ended with its group at its time limit', async () => {
    const started = performance.now();
    const end = await runCommand({
      command: '/bin/sh',
      args: ['-c', 'sleep 600 & echo $!; wait'],
      timeoutMs: 200,
    });
    expect(performance.now() - started).toBeLessThan(10_000);
    await eventually(async () => !(await isRunning(Number(end.output))));
  });

  it('rejects when there is no such program', async () => {
    await expect(runCommand({ command: '/nowhere/at/all', args: [], timeoutMs: 1_000 })).rejects.toThrow(
      'ENOENT',
    );
  });
});
