import { join, resolve } from 'node:path';
import { readEnvironment } from '../config/index.ts';
import { openDatabase, type Database } from '../store/index.ts';
import { postgresFolderIn } from './data.ts';
import { acquireStackLock } from './lock.ts';
import { postgresUrlIn, startPostgresServer } from './postgres/postgres-server.ts';

export interface OwnDatabaseOptions {
  readonly dataDir: string;
  /** Whether that of a stack that runs is good enough, too. */
  readonly whileRunning: boolean;
  readonly onProgress: (line: string) => void;
}

/**
 * Works with the database of a data folder: that of `DATABASE_URL`, or the one that lies there. When no stack runs on the
 * folder, its PostgreSQL runs for as long as the work takes, and nothing else of the stack.
 *
 * @throws StackError `stack.alreadyRunning` and those of startPostgresServer; StoreError; and what `work` throws
 */
export async function withOwnDatabase<T>(
  options: OwnDatabaseOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { whileRunning, onProgress } = options;
  const dataDir = resolve(options.dataDir);
  const folder = postgresFolderIn(dataDir);
  const running = readEnvironment().databaseUrl ?? (whileRunning ? await postgresUrlIn(folder) : undefined);
  if (running !== undefined) return withDatabase(running, work);
  const lock = await acquireStackLock({ folder: dataDir });
  try {
    const server = await startPostgresServer({
      folder,
      logFile: join(dataDir, 'logs', 'postgres.log'),
      onProgress,
    });
    try {
      return await withDatabase(server.url, work);
    } finally {
      await server.stop();
    }
  } finally {
    await lock.release();
  }
}

async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase({ url });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
