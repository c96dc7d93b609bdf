import { freezeOf, freezeSays, type Freeze } from '../src/model/freeze.ts';
import type { RunIdentity } from '../src/model/run.ts';
import type { Deps } from './deps.ts';
import { StepError } from './step-error.ts';

/**
 * Reads the kill switch, right before something acts. What is being watched goes on being watched and does not ask here.
 *
 * @throws StepError `run.frozen`, with `until` when the freeze ends by itself; StoreError when nobody can say, and then
 *   nothing may act either
 */
export async function assertNotFrozen(
  { stores, now }: Pick<Deps, 'stores' | 'now'>,
  step: FreezableStep,
): Promise<void> {
  assertFree(await stores.freezes.pending(now()), step, now());
}

/** A step of a run, as far as a freeze can concern it. */
export interface FreezableStep {
  readonly run: RunIdentity;
  readonly connection?: string;
  readonly action?: string;
}

/** The same, over freezes that were read already. @throws StepError `run.frozen` */
export function assertFree(
  freezes: readonly Freeze[],
  { run, connection, action }: FreezableStep,
  now: number,
): void {
  // Whoever stops everything must be able to stop this, too.
  if (action === 'vro.halt') return;
  const { runbook, mode } = run;
  const what = { runbook, mode, ...(connection === undefined ? {} : { connection }) };
  const freeze = freezeOf(freezes, what, now);
  if (freeze === undefined) return;
  const { id, until } = freeze;
  throw new StepError('run.frozen', freezeSays(freeze), {
    details: { freeze: id, ...(until === undefined ? {} : { until }) },
  });
}
