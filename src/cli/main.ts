import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../config/index.ts';
import { EXIT } from './exit-codes.ts';
import { runCli } from './run-cli.ts';
import { stackDoor } from './stack-door.ts';

const environment = readEnvironment();
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
const cwd = process.cwd();

/** The first Ctrl-C ends what is going on in good order; whoever presses again does not want to wait for that. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupted.signal.aborted) process.exit(EXIT.interrupted);
    interrupted.abort();
  });
}
// `muster runs | head` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
});

const code = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  colour: process.stdout.isTTY && !environment.noColor,
  version,
  cwd,
  runbookFolders: [join(cwd, 'runbooks'), fileURLToPath(new URL('../../runbooks', import.meta.url))],
  loginFile: join(environment.settingsDir, 'muster', 'login.json'),
  ...(environment.token !== undefined && { token: environment.token }),
  ...(environment.person !== undefined && { person: environment.person }),
  signal: interrupted.signal,
  stack: stackDoor,
  now: Date.now,
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal }).catch(() => undefined);
  },
});
process.exit(code);
