import { Stopped, Suspended } from '../interruption.ts';

/**
 * Waits for all branches, whatever becomes of each: a failing branch must not cut off a command in another.
 *
 * @throws Suspended, Stopped, IterationFailed (the first of them that there is) after every branch has come to rest
 */
export async function runParallel(branches: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(branches);
  const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
  const first =
    errors.find((error) => error instanceof Suspended) ??
    errors.find((error) => error instanceof Stopped) ??
    errors[0];
  if (first !== undefined) throw first;
}
