import type { RunIdentity } from '../src/model/run.ts';
import type { TouchedTarget } from '../src/store/index.ts';
import type { Deps } from './deps.ts';

/** What a run has acted on, and the runs whose results it has taken over: all of that is its own to clean up. */
export async function touchedBy(
  { stores }: Pick<Deps, 'stores'>,
  { firstExecutionId, tookOver = [] }: RunIdentity,
): Promise<TouchedTarget[]> {
  // The oldest first: what a target was like before is what it was before the first of them.
  const runs = [...tookOver].reverse();
  const touched = new Map<string, TouchedTarget>();
  for (const run of [...runs, firstExecutionId]) {
    for (const target of await stores.intents.targetsOf(run)) {
      const before = touched.get(target.target);
      touched.set(
        target.target,
        before === undefined ? target : { ...before, sent: [...before.sent, ...target.sent] },
      );
    }
  }
  return [...touched.values()];
}
