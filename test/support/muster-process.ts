import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { PROJECT_ROOT } from '../../src/stack/project.ts';

/** The real command as a process; it is ended with the test at the latest. */
export interface MusterProcess {
  readonly child: ChildProcess;
  /** Both outputs so far. */
  readonly output: () => string;
  /** Resolves when the output contains `text`. @throws Error when the process ends before */
  said(text: string): Promise<void>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts `muster …args` without colours and with the suite's Temporal CLI. */
export function spawnMuster(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): MusterProcess {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'bin/muster.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', MUSTER_TEMPORAL_CLI: inject('temporalCliPath'), ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const ended = once(child, 'close').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
  );
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
    await ended;
  });
  return {
    child,
    output: () => output,
    ended,
    async said(text) {
      while (!output.includes(text)) {
        const more = Promise.race([
          once(child.stdout, 'data'),
          once(child.stderr, 'data'),
          ended.then(() => 'ended'),
        ]);
        if ((await more) === 'ended' && !output.includes(text)) {
          throw new Error(`ended without "${text}":\n${output}`);
        }
      }
    },
  };
}
