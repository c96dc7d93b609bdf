import { Stopped, Suspended } from './interruption.ts';

/**
 * Works on things side by side, a few at a time, and waits for all of them, whatever becomes of each: a failing one must
 * not cut off a command in another.
 *
 * @throws Suspended, Stopped, or the first other error that there is, after everything has come to rest
 */
export async function inLanes<Thing>(
  things: readonly Thing[],
  atOnce: number,
  work: (thing: Thing) => Promise<void>,
): Promise<void> {
  // Shared by the lanes: each takes the next thing that none has taken.
  const waiting = things.values();
  const lane = async (): Promise<void> => {
    for (const thing of waiting) await work(thing);
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, things.length) }, lane));
  const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
  const first =
    errors.find((error) => error instanceof Suspended) ??
    errors.find((error) => error instanceof Stopped) ??
    errors[0];
  if (first !== undefined) throw first;
}
