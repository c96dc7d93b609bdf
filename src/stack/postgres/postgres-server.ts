import type { ChildProcess } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isThere } from '../atomic-file.ts';
import { tailOf } from '../log-tail.ts';
import { findFreePorts } from '../ports.ts';
import { sendSignal } from '../process-identity.ts';
import { StackError } from '../stack-error.ts';
import { chooseAccount, type Account } from './account.ts';
import { findPostgres, type PostgresBinaries } from './binaries.ts';
import { initialise } from './initialise.ts';
import { endLeftover } from './leftover.ts';
import {
  forgetServer,
  HOST,
  noteServer,
  passwordFileIn,
  passwordIn,
  postgresUrlIn,
  urlOf,
} from './server-file.ts';
import { startProgram, STOP_SIGNAL } from './start-program.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export { postgresUrlIn };

/** Not 5432: whoever has a PostgreSQL of their own has it there. */
const PREFERRED_PORT = 54_330;
const STOP_GRACE_MS = 10_000;
const MAX_ATTEMPTS = 20;
const RETRY_AFTER_MS = 250;
/**
 * Passes by itself: the port was taken since we looked, or the backends of a server that was killed have not noticed yet
 * that it is gone.
 */
const PASSES = /could not bind|Address already in use|shared memory block .* is still in use/;

/**
 * A small server: some processes of muster, each with a few connections. It keeps what it has said it keeps (fsync). Its
 * log has no statements and no rows: they hold what people wrote, and hashes of secrets.
 */
const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '32MB',
  jit: 'off',
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Small, so that what is reserved at first (see `prepare`) is used again and again.
  max_wal_size: '64MB',
  min_wal_size: '48MB',
  password_encryption: 'scram-sha-256',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
} as const;

export interface PostgresServerOptions {
  /** Everything of it lies here: data, password, what runs. */
  readonly folder: string;
  /** Where the server's own output goes, appended. */
  readonly logFile: string;
  readonly onProgress?: (line: string) => void;
  /** Told when the server ends and nobody asked it to. */
  readonly onExit?: () => void;
  /** Where it listens if that is free; default 54,330. */
  readonly preferredPort?: number;
  /** For tests; see {@link chooseAccount}. */
  readonly account?: Account['kind'];
  /** For tests; default: those that npm has installed. */
  readonly binaries?: PostgresBinaries;
  /** For tests: in place of {@link SETTINGS}. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL that answers. */
export interface PostgresServer {
  /** With user and password: for the store, for no log and no command line. */
  readonly url: string;
  readonly pid: number;
  readonly port: number;
  readonly account: Account['kind'];
  /** Ends it in order and comes back when it is gone. Doing it twice is fine. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the PostgreSQL that comes with muster, on loopback and with a password of its own, and makes its database at the
 * first start. One that a killed stack has left on the same data is ended first: the caller holds the lock of the folder.
 *
 * @throws StackError `stack.postgresMissing`, `stack.postgresNeedsAccount`, `stack.postgresNotStarted` with the last lines of
 *   its log
 */
export async function startPostgresServer(options: PostgresServerOptions): Promise<PostgresServer> {
  const { folder, logFile, onProgress = () => undefined, onExit, preferredPort = PREFERRED_PORT } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(dirname(logFile), { recursive: true });
  const account = await chooseAccount({
    binaries: options.binaries ?? (await findPostgres()),
    folder,
    only: options.account,
  });
  const data = join(account.dataFolder, 'data');
  if (await endLeftover(data)) onProgress('Ended the PostgreSQL server of a stack that was killed.');
  const password = await passwordIn(folder);
  if (!(await isThere(join(data, 'PG_VERSION')))) {
    onProgress('Making the database.');
    await initialise({ account, data, password, logFile });
  }
  for (let attempt = 1; ; attempt += 1) {
    const [port = 0] = await findFreePorts({ host: HOST, preferred: [preferredPort] });
    const log = await open(logFile, 'a', 0o600);
    const from = (await log.stat()).size;
    const settings = Object.entries({ ...SETTINGS, ...options.settings, port: String(port) });
    const child = startProgram(
      account,
      account.binaries.postgres,
      [...['-D', data], ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      log.fd,
    );
    await log.close();
    const ended = new Promise<void>((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
    const answer = await waitUntilReady({ port, password, child });
    if (answer === 'ready') {
      let stopping = false;
      void ended.then(() => {
        if (!stopping) onExit?.();
      });
      const pid = child.pid ?? 0;
      await noteServer(folder, { pid, port });
      const stop = async (): Promise<void> => {
        stopping = true;
        await forgetServer(folder);
        await stopChild(child, ended);
      };
      return { url: urlOf(port, password), pid, port, account: account.kind, stop };
    }
    await stopChild(child, ended);
    if (answer === 'wrongPassword') {
      throw new StackError(
        'stack.postgresNotStarted',
        `The password in ${passwordFileIn(folder)} is not that of the data in ${data}.`,
      );
    }
    const lines = await tailOf(logFile, { from });
    if (!PASSES.test(lines) || attempt === MAX_ATTEMPTS) {
      throw new StackError('stack.postgresNotStarted', `PostgreSQL did not start.\n${lines}`);
    }
    await delay(RETRY_AFTER_MS);
  }
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const { pid, exitCode, signalCode } = child;
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  sendSignal(pid, STOP_SIGNAL);
  const kill = setTimeout(() => sendSignal(pid, 'SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(kill);
}
