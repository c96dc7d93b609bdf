import { spawn, type ChildProcess } from 'node:child_process';
import { endWithParent } from '../child-processes.ts';
import type { Account } from './account.ts';

/** Starts one of PostgreSQL's programs as an account, its output into an open file. It ends with this process. */
export function startProgram(
  account: Account,
  program: string,
  args: readonly string[],
  output: number,
): ChildProcess {
  const [command = '', ...words] = [...account.prefix, program, ...args];
  const child = spawn(command, words, {
    stdio: ['ignore', output, output],
    // A Ctrl-C in the terminal is for muster, which stops its servers last.
    detached: true,
    cwd: account.dataFolder,
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    ...account.ids,
  });
  endWithParent(child, { by: STOP_SIGNAL });
  return child;
}

/** PostgreSQL's fast stop: connections are ended, nothing is lost. SIGTERM would wait for every client to leave. */
export const STOP_SIGNAL = 'SIGINT';
