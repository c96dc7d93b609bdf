import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { errorCodeOf } from '../atomic-file.ts';
import { DATABASE, urlOf } from './server-file.ts';

/** Measured: 0.1 s after a clean stop. After a crash it reads its log first. */
const START_LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 5_000;
const LOOK_EVERY_MS = 25;
/** Of 4 MB each, see `initialise`. */
const RESERVED_LOG_PIECES = 8;
/** PostgreSQL's `invalid_password`. */
const WRONG_PASSWORD = '28P01';

/** Waits until the server answers and its database is there. `no`: it ended, or does not answer in time. */
export async function waitUntilReady({
  port,
  password,
  child,
}: {
  readonly port: number;
  readonly password: string;
  readonly child: ChildProcess;
}): Promise<'ready' | 'wrongPassword' | 'no'> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return 'no';
    const client = new pg.Client({
      connectionString: urlOf(port, password, 'postgres'),
      connectionTimeoutMillis: ANSWER_LIMIT_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await prepare(client);
      return 'ready';
    } catch (error) {
      if (errorCodeOf(error) === WRONG_PASSWORD) return 'wrongPassword';
      await delay(LOOK_EVERY_MS);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return 'no';
}

/**
 * Makes the database. Before it, room for the log of what is written: without, a full disk would stop the server when it
 * needs the next piece of that log, where it can now refuse to store more and go on when there is room.
 */
async function prepare(client: pg.Client): Promise<void> {
  for (let piece = 0; piece < RESERVED_LOG_PIECES; piece += 1) {
    await client.query('SELECT txid_current(), pg_switch_wal()');
  }
  // Pieces that are done with are kept for what comes.
  await client.query('CHECKPOINT');
  await client.query(`CREATE DATABASE ${DATABASE}`);
}
