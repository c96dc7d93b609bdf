import { setTimeout as pause } from 'node:timers/promises';
import type { Control } from '../../src/control/index.ts';
import { noteEnds } from '../../src/stack/keeper.ts';
import type { Stores } from '../../src/store/index.ts';

const LOOK_EVERY_MS = 50;

/**
 * Has the keeper note the end of every run that has ended. The server's list of what is open may be a moment behind, which the keeper
 * does not mind: it looks again and again.
 */
export async function endsNoted(parts: {
  readonly control: Control;
  readonly stores: Stores;
}): Promise<void> {
  const { control, stores } = parts;
  for (;;) {
    await noteEnds(parts);
    const left = await stores.runs.open();
    const seen = await Promise.all(left.map(({ runId }) => control.describe(runId).catch(() => undefined)));
    if (seen.every((run) => run?.endedAt === undefined)) return;
    await pause(LOOK_EVERY_MS);
  }
}
