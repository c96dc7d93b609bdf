import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { readFileIfThere } from '../atomic-file.ts';
import { endWithParent } from '../child-processes.ts';
import { tailOf } from '../log-tail.ts';
import { findFreePorts } from '../ports.ts';
import { commandLineOf, endProcess, sendSignal } from '../process-identity.ts';
import { StackError } from '../stack-error.ts';
import { chooseAccount, type Account } from './account.ts';
import { findPostgres } from './binaries.ts';

const HOST = '127.0.0.1';
/** Not 5432: whoever has a PostgreSQL of their own has it there. */
const PREFERRED_PORT = 54_330;
/** Measured: 0.1 s after a clean stop. After a crash it reads its log first. */
const START_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 25;
const STOP_GRACE_MS = 10_000;
const MAX_ATTEMPTS = 3;
const USER = 'muster';
const DATABASE = 'muster';

/** A small server: some processes of muster, each with a few connections. It keeps what it has said it keeps (fsync). */
const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '32MB',
  jit: 'off',
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  password_encryption: 'scram-sha-256',
} as const;

export interface PostgresServerOptions {
  /** Everything of it lies here: data, password, port. */
  readonly folder: string;
  /** Where the server's own output goes, appended. */
  readonly logFile: string;
  readonly onProgress?: (line: string) => void;
  /** Told when the server ends and nobody asked it to. */
  readonly onExit?: () => void;
  /** For tests; see {@link chooseAccount}. */
  readonly account?: Account['kind'];
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
 * first start. One that a killed stack has left on the same data is ended first.
 *
 * @throws StackError `stack.postgresMissing`, `stack.postgresNeedsAccount`, `stack.postgresNotStarted` with the last lines of
 *   its log
 */
export async function startPostgresServer(options: PostgresServerOptions): Promise<PostgresServer> {
  const { folder, logFile, onProgress = () => undefined, onExit } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(dirname(logFile), { recursive: true });
  const account = await chooseAccount({
    binaries: await findPostgres(),
    folder,
    only: options.account,
  });
  const data = join(account.dataFolder, 'data');
  await endLeftover(data);
  const password = await passwordIn(folder);
  if (!(await isThere(join(data, 'PG_VERSION')))) {
    onProgress('Making the database.');
    await initialise(account, data, password);
  }
  for (let attempt = 1; ; attempt += 1) {
    const [port = 0] = await findFreePorts({ host: HOST, preferred: [PREFERRED_PORT] });
    const log = await open(logFile, 'a', 0o600);
    const from = (await log.stat()).size;
    const settings = Object.entries({ ...SETTINGS, port: String(port) });
    const child = start(
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
    const url = `postgres://${USER}:${password}@${HOST}:${port}/${DATABASE}`;
    if (await answers(url, child)) {
      let stopping = false;
      void ended.then(() => {
        if (!stopping) onExit?.();
      });
      await writeFile(join(folder, 'port'), `${port}\n`, { mode: 0o600 });
      const stop = async (): Promise<void> => {
        stopping = true;
        await rm(join(folder, 'port'), { force: true });
        await stopChild(child, ended);
      };
      return { url, pid: child.pid ?? 0, port, account: account.kind, stop };
    }
    await stopChild(child, ended);
    const lines = await tailOf(logFile, { from });
    const isPortTaken = /could not bind|Address already in use/.test(lines);
    if (!isPortTaken || attempt === MAX_ATTEMPTS) {
      throw new StackError('stack.postgresNotStarted', `PostgreSQL did not start.\n${lines}`);
    }
  }
}

/** The URL of the server that runs on a folder, as far as the files say: for other processes of the same account. */
export async function postgresUrlIn(folder: string): Promise<string | undefined> {
  const port = await readFileIfThere(join(folder, 'port'));
  const password = await readFileIfThere(join(folder, 'password'));
  if (port === undefined || password === undefined) return undefined;
  return `postgres://${USER}:${password.trim()}@${HOST}:${port.trim()}/${DATABASE}`;
}

/** SIGINT is the fast stop: connections are ended, nothing is lost. SIGTERM would wait for every client to leave. */
async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const { pid, exitCode, signalCode } = child;
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  sendSignal(pid, 'SIGINT');
  const kill = setTimeout(() => sendSignal(pid, 'SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(kill);
}

function start(account: Account, program: string, args: readonly string[], output: number): ChildProcess {
  const [command = '', ...words] = [...account.prefix, program, ...args];
  const child = spawn(command, words, {
    stdio: ['ignore', output, output],
    detached: true,
    cwd: account.dataFolder,
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    ...account.ids,
  });
  endWithParent(child);
  return child;
}

/** Makes the data in a folder beside, so that a process killed in the middle leaves nothing that looks whole. */
async function initialise(account: Account, data: string, password: string): Promise<void> {
  const draft = `${data}.new`;
  const passwordFile = `${data}.password`;
  await rm(draft, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
  if (account.ids.uid !== undefined) {
    await chown(passwordFile, account.ids.uid, account.ids.gid ?? account.ids.uid);
  }
  const logFile = `${data}.init.log`;
  const log = await open(logFile, 'w', 0o600);
  try {
    const child = start(
      account,
      account.binaries.initdb,
      [
        ...['-D', draft, '--username', USER, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
        ...['--encoding', 'UTF8', '--locale', 'C'],
      ],
      log.fd,
    );
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(null));
      child.once('exit', resolve);
    });
    if (code !== 0) {
      throw new StackError(
        'stack.postgresNotStarted',
        `The database could not be made.\n${await tailOf(logFile)}`,
      );
    }
    await rename(draft, data);
  } finally {
    await log.close();
    await rm(passwordFile, { force: true });
  }
}

/** Waits until the server answers and its database is there. False when it ended, or does not answer in time. */
async function answers(url: string, child: ChildProcess): Promise<boolean> {
  const deadline = performance.now() + START_LIMIT_MS;
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return false;
    const client = new pg.Client({ connectionString: maintenance.href });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
      return true;
    } catch {
      await delay(LOOK_EVERY_MS);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
}

/** The password is kept beside the data: whoever can read one can read the other. */
async function passwordIn(folder: string): Promise<string> {
  const path = join(folder, 'password');
  const there = await readFileIfThere(path);
  if (there !== undefined) return there.trim();
  const made = randomBytes(24).toString('hex');
  await writeFile(path, `${made}\n`, { mode: 0o600, flag: 'wx' });
  return made;
}

/** Ends the server that a killed stack has left on this data; PostgreSQL itself refuses a second one. */
async function endLeftover(data: string): Promise<void> {
  const [line = ''] = (await readFileIfThere(join(data, 'postmaster.pid')))?.split('\n') ?? [];
  const pid = Number(line);
  if (!Number.isInteger(pid) || pid <= 0) return;
  // Its id may have been given to another program since.
  const command = await commandLineOf(pid);
  if (command === undefined || !command.includes(` -D ${data} `)) return;
  sendSignal(pid, 'SIGINT');
  await endProcess(pid);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
