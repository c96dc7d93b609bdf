import { IterationFailed, Stopped, Suspended } from './interruption.ts';
import type { TaskHold } from './task-hold.ts';

/**
 * Works on things side by side, a few at a time, and waits for all of them, whatever becomes of each: a failing one must
 * neither cut off a command in another nor keep those back that have not begun.
 *
 * @throws Suspended, Stopped, or the first other error that there is, after everything has come to rest
 */
export async function inLanes<Thing>(
  hold: TaskHold,
  { things, atOnce }: { readonly things: readonly Thing[]; readonly atOnce: number },
  work: (thing: Thing) => Promise<void>,
): Promise<void> {
  // Shared by the lanes: each takes the next thing that none has taken.
  const waiting = things.values();
  let failed: IterationFailed | undefined;
  const lane = async (): Promise<void> => {
    for (const thing of waiting) {
      try {
        await work(thing);
      } catch (error) {
        // Only this thing is over. After any other error nothing further may begin.
        if (!(error instanceof IterationFailed)) throw error;
        failed ??= error;
      }
    }
  };
  const lanes = Math.min(atOnce, things.length);
  const all = (): Promise<PromiseSettledResult<void>[]> =>
    Promise.allSettled(Array.from({ length: lanes }, lane));
  // No lane holds up the others.
  const ends = await (lanes > 1 ? hold.acrossTasks(all) : all());
  const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
  const first =
    errors.find((error) => error instanceof Suspended) ??
    errors.find((error) => error instanceof Stopped) ??
    errors[0] ??
    failed;
  if (first !== undefined) throw first;
}
