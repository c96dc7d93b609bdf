import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { onDisk, systemCodeOf } from './store-error.ts';

/** Files of their owner only: they tell about recovery plans, and some hold secrets. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** Makes a folder that only its owner may enter, with all folders on the way, durably. */
export async function makePrivateFolder(folder: string): Promise<void> {
  const path = resolve(folder);
  const first = await onDisk(path, async () => mkdir(path, { recursive: true, mode: FOLDER_MODE }));
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolders(dirname(made));
}

/** What every write needs: where the file goes, and a folder on the same file system for its draft. */
export interface Draft {
  readonly path: string;
  readonly content: string;
  readonly drafts: string;
}

/**
 * Creates a file at once and durably: a reader, and a process killed in the middle, see all of it or nothing. The
 * caller syncs the folder.
 *
 * @returns false when there is a file of this name already; it stays as it is
 * @throws StoreError `store.unavailable`
 */
export async function createFile({ path, content, drafts }: Draft): Promise<boolean> {
  return onDisk(path, async () =>
    withDraft(content, drafts, async (draft) => {
      try {
        await link(draft, path);
        return true;
      } catch (error) {
        if (systemCodeOf(error) === 'EEXIST') return false;
        throw error;
      }
    }),
  );
}

/** The text of a file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return onDisk(path, async () => orUndefined(readFile(path, 'utf8')));
}

/** The names in a folder; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return onDisk(folder, async () => (await orUndefined(readdir(folder))) ?? []);
}

/** Makes names durable: without it a new file can be gone after a power loss although its content was synced. */
export async function syncFolders(...folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await onDisk(folder, async () => {
      const handle = await open(folder, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  }
}

async function withDraft<T>(content: string, drafts: string, use: (draft: string) => Promise<T>): Promise<T> {
  const draft = join(drafts, randomUUID());
  try {
    const file = await open(draft, 'wx', FILE_MODE);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    return await use(draft);
  } finally {
    await rm(draft, { force: true });
  }
}

async function orUndefined<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
