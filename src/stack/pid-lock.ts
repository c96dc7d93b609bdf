import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { errorCodeOf, readFileIfThere } from './atomic-file.ts';
import { isRunning, startMarkOf } from './process-identity.ts';

const ownerSchema = z.object({
  pid: z.int().positive(),
  /** ISO time at which the lock was taken: for people. */
  since: z.string(),
  /** See {@link startMarkOf}; absent where the system does not say. */
  startMark: z.string().optional(),
  /** Tells this lock from every other. */
  token: z.string(),
});

/** Who holds a lock. */
export type LockOwner = Readonly<z.infer<typeof ownerSchema>>;

/** A lock that is held until it is released, or until its process is gone. */
export interface PidLock {
  readonly path: string;
  /** Gives the lock back. Doing it twice does nothing. */
  readonly release: () => Promise<void>;
}

export type LockAttempt =
  { readonly held: true; readonly lock: PidLock } | { readonly held: false; readonly owner: LockOwner };

/** Attempts before giving up on a lock file that changes with every look. */
const MAX_ATTEMPTS = 50;

/**
 * Takes the lock file at `path`, or tells who has it. A file left by a process that is gone (or whose id now belongs
 * to another process) is taken over, by one process only even when several try at once.
 */
export async function tryPidLock(path: string): Promise<LockAttempt> {
  await mkdir(dirname(path), { recursive: true });
  const startMark = await startMarkOf(process.pid);
  const mine: LockOwner = {
    pid: process.pid,
    since: new Date().toISOString(),
    ...(startMark !== undefined && { startMark }),
    token: randomUUID(),
  };
  // The whole content is written first and then linked into place: nobody ever reads half a lock.
  const draft = `${path}.${mine.token}.tmp`;
  await writeFile(draft, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (await linkIfFree(draft, path)) return heldLock(path, mine);
      const content = await readFileIfThere(path);
      if (content === undefined) continue;
      const owner = parseOwner(content);
      if (owner !== undefined && (await isStillThere(owner))) return { held: false, owner };
      if (await takeOver({ draft, path, stale: content })) return heldLock(path, mine);
    }
    throw new Error(`The lock file ${path} keeps changing.`);
  } finally {
    await rm(draft, { force: true });
  }
}

function heldLock(path: string, mine: LockOwner): LockAttempt {
  const release = async (): Promise<void> => {
    const content = await readFileIfThere(path);
    if (content !== undefined && parseOwner(content)?.token === mine.token) await rm(path, { force: true });
  };
  return { held: true, lock: { path, release } };
}

/**
 * Replaces exactly the stale lock that was read. Removing it and linking anew would let a slower process remove the
 * lock of a faster one; so the right to replace it is claimed first, under a name made of its content.
 */
async function takeOver({
  draft,
  path,
  stale,
}: Record<'draft' | 'path' | 'stale', string>): Promise<boolean> {
  const claim = `${path}.${createHash('sha256').update(stale).digest('hex').slice(0, 16)}.claim`;
  if (!(await linkIfFree(draft, claim))) {
    const claimer = parseOwner((await readFileIfThere(claim)) ?? '');
    if (claimer === undefined || !(await isStillThere(claimer))) await rm(claim, { force: true });
    return false;
  }
  try {
    if ((await readFileIfThere(path)) !== stale) return false;
    const copy = `${draft}.copy`;
    await link(draft, copy);
    await rename(copy, path);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function parseOwner(content: string): LockOwner | undefined {
  try {
    const read = ownerSchema.safeParse(JSON.parse(content));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the owner runs: the same process, not a later one that was given its id. */
async function isStillThere(owner: LockOwner): Promise<boolean> {
  if (!(await isRunning(owner.pid))) return false;
  const mark = await startMarkOf(owner.pid);
  return mark === undefined || owner.startMark === undefined || mark === owner.startMark;
}
