import { join } from 'node:path';
import { tryPidLock } from './pid-lock.ts';
import type { PidLock } from './pid-lock.ts';
import { StackError } from './stack-error.ts';

/**
 * Takes the lock of a data folder (`<folder>/lock`), so that one stack at most works on it: Temporal itself lets a
 * second server open the same database. A lock that a killed stack left is taken over.
 *
 * @throws StackError `stack.alreadyRunning`, with the `pid` of the one that runs
 */
export async function acquireStackLock({ folder }: { folder: string }): Promise<PidLock> {
  const attempt = await tryPidLock(join(folder, 'lock'));
  if (attempt.held) return attempt.lock;
  const { pid, since } = attempt.owner;
  throw new StackError(
    'stack.alreadyRunning',
    `A muster stack already runs on ${folder}: process ${pid}, since ${since}.`,
    { pid },
  );
}
