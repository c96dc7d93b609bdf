import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, onTestFinished } from 'vitest';
import {
  startPostgresServer,
  type PostgresServer,
  type PostgresServerOptions,
} from '../../src/stack/postgres/postgres-server.ts';
import { PROJECT_ROOT, tempFolder } from './helpers.ts';

/** A server on a folder whose data is made already, so that only few tests wait for that. It ends with the test. */
export async function serverForTest({ folder, ...more }: Partial<PostgresServerOptions> = {}): Promise<
  PostgresServer & { folder: string }
> {
  const own = folder ?? (await tempFolder());
  if (folder === undefined) {
    made ??= makeOnce();
    await cp(await made, own, { recursive: true });
  }
  return newServerForTest({ folder: own, ...more });
}

/** A server that ends with the test, on an empty folder unless one is given. */
export async function newServerForTest({ folder, ...more }: Partial<PostgresServerOptions> = {}): Promise<
  PostgresServer & { folder: string }
> {
  const own = folder ?? (await tempFolder());
  const server = await startPostgresServer({ folder: own, logFile: join(own, 'postgres.log'), ...more });
  onTestFinished(() => server.stop());
  return { ...server, folder: own };
}

let made: Promise<string> | undefined;
afterAll(async () => {
  if (made !== undefined) await rm(await made, { recursive: true, force: true });
});

async function makeOnce(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-postgres-'));
  const server = await startPostgresServer({ folder, logFile: join(folder, 'postgres.log') });
  await server.stop();
  return folder;
}

/** A process that runs a fixture or a script of the tests; it is killed with the test. */
export function spawnScript(script: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(PROJECT_ROOT, 'test', script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

export async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The command lines of all processes that one may see in which `text` stands. */
export async function commandLinesWith(text: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '')),
  );
  return lines.map((line) => line.replaceAll('\0', ' ')).filter((line) => line.includes(text));
}

/** Removes what a server of another account has outside its folder, once it is stopped. */
export async function removeShared(url: string): Promise<void> {
  const [where] = await query(
    url,
    `SELECT current_setting('data_directory') AS data, (SELECT setting FROM pg_config WHERE name = 'BINDIR') AS bin`,
  );
  const outside = [dirname(String(where?.['data'])), dirname(String(where?.['bin']))];
  onTestFinished(async () => {
    for (const path of outside) {
      if (path.startsWith('/var/lib/muster/')) await rm(path, { recursive: true, force: true });
    }
  });
}
