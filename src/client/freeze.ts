import { randomUUID } from 'node:crypto';
import { assertMay } from '../identity/index.ts';
import type { Actor } from '../model/actor.ts';
import { freezeOf, freezeSays, type Freeze } from '../model/freeze.ts';
import type { Mode } from '../model/runbook.ts';
import type { Control } from '../control/index.ts';
import type { FreezeStore, IntentStore, RunStore } from '../store/index.ts';
import { MusterError } from './errors.ts';
import type { FreezeRequest, Frozen } from './muster.ts';
import { translated } from './translate-error.ts';

export interface FreezeParts {
  readonly freezes: FreezeStore;
  readonly intents: Pick<IntentStore, 'underWay'>;
  readonly runs: Pick<RunStore, 'findExecution' | 'open'>;
  readonly control: Pick<Control, 'describe' | 'wake'>;
  readonly actor: Actor;
  readonly now: () => number;
}

/** A command is sent within seconds after its note, or never. */
const SENDING_MS = 60_000;
/** Enough of the runs that are open to name what goes on; all are stopped, however many. */
const MAX_LOOKED_AT = 100;

/** @throws MusterError `run.frozen` */
export async function assertNotFrozen(
  what: { readonly runbook: string; readonly mode: Mode },
  { freezes, now }: Pick<FreezeParts, 'freezes' | 'now'>,
): Promise<void> {
  const found = freezeOf(await freezes.pending(now()), what, now());
  if (found === undefined) return;
  throw new MusterError('run.frozen', `Nothing starts now. ${freezeSays(found)}`, {
    hint: `An operator ends it: muster unfreeze ${found.id}`,
  });
}

/** See Muster.freeze. */
export async function freeze(
  { reason, scope = {}, from, until }: FreezeRequest,
  { freezes, intents, runs, control, actor, now }: FreezeParts,
): Promise<Frozen> {
  assertMay(actor, 'freeze.set', scope.runbooks === undefined ? {} : { runbook: scope.runbooks });
  const at = now();
  if (reason.trim() === '') throw new MusterError('freeze.refused', 'A freeze needs a reason.');
  if (until !== undefined && until <= Math.max(from ?? at, at)) {
    throw new MusterError('freeze.refused', 'A freeze ends after it begins, and not in the past.');
  }
  const set: Freeze = {
    id: `fz-${randomUUID().slice(0, 8)}`,
    reason,
    by: actor.person,
    at,
    scope,
    from: from ?? at,
    ...(until === undefined ? {} : { until }),
  };
  // From here on no step begins: every activity reads this right before it acts.
  await freezes.set(set);
  if (set.from > at) return { freeze: set, goesOn: [] };
  const commands: Frozen['goesOn'][number][] = [];
  for (const { run, path, action, target } of await intents.underWay(at - SENDING_MS)) {
    const runId = (await runs.findExecution(run))?.runId ?? run;
    commands.push({ runId, path, says: `${action} of ${target} is being sent` });
  }
  return { freeze: set, goesOn: [...commands, ...(await watched({ runs, control }))] };
}

/** What activities say that goes on. Nothing when Temporal cannot tell. */
async function watched({ runs, control }: Pick<FreezeParts, 'runs' | 'control'>): Promise<Frozen['goesOn']> {
  // From the store: Temporal's list of runs is a second behind.
  const open = (await runs.open()).slice(-MAX_LOOKED_AT);
  const looks = open.map(async ({ runId }) => {
    const { activities } = await control.describe(runId);
    return activities.map(({ path, says }) => ({ runId, path, says }));
  });
  const found = await Promise.allSettled(looks);
  return found.flatMap((look) => (look.status === 'fulfilled' ? look.value : []));
}

/** See Muster.unfreeze. */
export async function unfreeze(
  { id }: { readonly id?: string },
  { freezes, control, actor, now }: FreezeParts,
): Promise<readonly Freeze[]> {
  const pending = await freezes.pending(now());
  const chosen = pending.filter((one) => (id === undefined ? one.from <= now() : one.id === id));
  if (chosen.length === 0) {
    throw new MusterError('freeze.notFound', id === undefined ? 'Nothing is frozen now.' : undefined, {
      ...(pending.length > 0 && { hint: `There are ${pending.map((one) => one.id).join(', ')}.` }),
    });
  }
  for (const { scope } of chosen) {
    assertMay(actor, 'freeze.end', scope.runbooks === undefined ? {} : { runbook: scope.runbooks });
  }
  const lifted: Freeze[] = [];
  for (const one of chosen) if (await freezes.lift(one.id, actor.person)) lifted.push(one);
  // Runs look by themselves now and then; told, they go on at once.
  await translated(() => control.wake());
  return lifted;
}
