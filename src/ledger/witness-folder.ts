import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** One text and the number under which it is kept. Every text that takes its place has the next number. */
export interface Version {
  readonly number: number;
  readonly content: string;
}

/** Longer than any write takes: a draft that is older was left by a killed process. */
const DRAFT_LIFETIME_MS = 3_600_000;
/** A version can be gone between listing and reading, because a newer one took its place; then the newer is read. */
const MAX_READS = 10;
const FILE = 'checkpoint';
const DRAFT = 'draft-';

/** The newest text in a folder, or undefined when there is none. */
export async function newestVersion(folder: string): Promise<Version | undefined> {
  for (let reads = 1; ; reads += 1) {
    const number = Math.max(0, ...(await numbersIn(folder)));
    if (number === 0) return undefined;
    try {
      return { number, content: await readFile(join(folder, String(number), FILE), 'utf8') };
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || reads === MAX_READS) throw error;
    }
  }
}

/**
 * Keeps a text under the number after the newest, if nobody else was faster. Each version is a folder that is renamed
 * into place with its file in it: that is atomic, also where a file system knows neither locks nor links, and fails when
 * the number is taken.
 *
 * @returns false when another process has added a version meanwhile; nothing is kept then
 */
export async function addVersion(folder: string, { number, content }: Version): Promise<boolean> {
  const draft = join(folder, `${DRAFT}${randomUUID()}`);
  const place = join(folder, String(number));
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await writeDurably(join(draft, FILE), content);
    await syncFolder(draft);
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (['EEXIST', 'ENOTEMPTY'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
  await syncFolder(folder);
  // Who has slept since reading can meet a number that was used and swept away; the newest is never swept.
  const newest = Math.max(...(await numbersIn(folder)));
  if (newest > number) {
    await rm(place, { recursive: true, force: true });
    return false;
  }
  await sweep(folder, number);
  return true;
}

async function numbersIn(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^[1-9][0-9]{0,14}$/.test(name)).map(Number);
}

/** Older versions are no harm, so what cannot be removed now is left to the next time. */
async function sweep(folder: string, number: number): Promise<void> {
  const older = (await numbersIn(folder)).filter((other) => other < number).map(String);
  const drafts = (await readdir(folder)).filter((name) => name.startsWith(DRAFT));
  for (const name of [...older, ...drafts]) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    const young = found !== undefined && Date.now() - found.mtimeMs < DRAFT_LIFETIME_MS;
    if (older.includes(name) || !young) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

/** Creates a file of its owner only; it is on the disk when this returns. */
export async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes names durable, where the file system can do that for a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/** The system's code of an error (`ENOENT` …), when it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
