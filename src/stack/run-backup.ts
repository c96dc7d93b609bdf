import type { BackupOptions, BackupReport } from '../cli/stack-door.ts';
import { backUp, restore } from '../store/index.ts';
import { DATA_DIR } from './open-muster.ts';
import { withOwnDatabase } from './own-database.ts';

/**
 * Writes the database of a data folder to a file, also while a stack works with it.
 *
 * @throws StoreError, StackError
 */
export async function runBackup({
  file,
  dataDir = DATA_DIR,
  onProgress,
}: BackupOptions): Promise<BackupReport> {
  return withOwnDatabase({ dataDir, whileRunning: true, onProgress }, async (database) => ({
    file,
    database: database.place,
    ...(await backUp(database, file)),
  }));
}

/**
 * Puts a backup into the empty database of a data folder. A stack that runs there is in the way: its runs would be about
 * other data.
 *
 * @throws StoreError, StackError
 */
export async function runRestore({
  file,
  dataDir = DATA_DIR,
  onProgress,
}: BackupOptions): Promise<BackupReport> {
  return withOwnDatabase({ dataDir, whileRunning: false, onProgress }, async (database) => ({
    file,
    database: database.place,
    ...(await restore(database, file)),
  }));
}
