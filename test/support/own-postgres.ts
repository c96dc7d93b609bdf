import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgresServer } from '../../src/stack/postgres/postgres-server.ts';

/** A PostgreSQL that can be taken away, and comes back at the same address with what it had. */
export interface OwnPostgres {
  readonly url: string;
  /** As a power cut does it. */
  kill(): Promise<void>;
  /** Does nothing while it is there. */
  back(): Promise<void>;
  /** For good: its data goes with it. */
  stop(): Promise<void>;
}

/** Starts one that only the caller uses. Stop it at the end. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-postgres-'));
  const logFile = join(folder, 'postgres.log');
  let server = await startPostgresServer({ folder, logFile, preferredPort: 0 });
  let isUp = true;
  const { url, port } = server;
  return {
    url,
    async kill() {
      isUp = false;
      process.kill(server.pid, 'SIGKILL');
      await server.stop();
    },
    async back() {
      if (!isUp) server = await startPostgresServer({ folder, logFile, preferredPort: port });
      isUp = true;
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
