import { join } from 'node:path';
import { makePrivateFolder, openWriteAhead, type Database, type WriteAhead } from '../store/index.ts';
import { tryPidLock } from './pid-lock.ts';

/** How soon what was written ahead is in the store, once that is back. */
const LOOK_EVERY_MS = 1_000;

/** The file of a worker, and what brings it into the store. */
export interface MergingAhead {
  readonly file: WriteAhead;
  /** Does something again and again, such as reading what is to be remembered. What fails is done again. */
  also(work: () => Promise<unknown>): void;
  stop(): Promise<void>;
}

/**
 * Takes the folder for this worker and keeps bringing into the store what is written there. Where another worker has it, this one
 * writes nothing ahead, and knows that the other may have.
 *
 * @throws StoreError `store.unavailable`, `store.corrupt`
 */
export async function startWriteAhead({
  folder,
  database,
  onTrouble,
}: {
  readonly folder: string;
  readonly database: Database;
  readonly onTrouble: (error: unknown) => void;
}): Promise<MergingAhead> {
  await makePrivateFolder(folder);
  const attempt = await tryPidLock(join(folder, 'lock'));
  const release = attempt.held ? attempt.lock.release : async (): Promise<void> => undefined;
  const file = await openWriteAhead({ folder, database, isHeld: attempt.held }).catch(
    async (error: unknown) => {
      await release();
      throw error;
    },
  );
  let told = false;
  let merging: Promise<void> | undefined;
  const merge = async (): Promise<void> => {
    try {
      await file.settle();
      told = false;
    } catch (error) {
      if (!told) onTrouble(error);
      told = true;
    }
  };
  let others: () => Promise<unknown> = async () => undefined;
  const timer = setInterval(() => {
    merging ??= merge()
      .then(others)
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        merging = undefined;
      });
  }, LOOK_EVERY_MS);
  return {
    file,
    also(work) {
      others = work;
    },
    async stop() {
      clearInterval(timer);
      await merging;
      await merge();
      await file.close();
      await release();
    },
  };
}
