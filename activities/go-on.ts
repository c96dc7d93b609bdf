import { setTimeout as pause } from 'node:timers/promises';
import type { CommandDone, RunIdentity } from '../src/model/run.ts';
import { WRITTEN_AHEAD } from '../src/model/written-ahead.ts';
import { isAway, StoreError } from '../src/store/index.ts';
import type { CommandInput } from './contract.ts';
import type { Deps, GoesOn } from './deps.ts';
import { StepError } from './step-error.ts';

/** The store is away when it does not answer so often, so far apart: a moment is no emergency. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 500;

/** What these are about lies in the store, or goes there: a token that nobody can keep must not be issued. */
const NEED_STORE: ReadonlySet<string> = new Set([
  'vbr.issueRecoveryToken',
  'vbr.renewRecoveryToken',
  'vbr.revokeRecoveryToken',
]);

type Step = { readonly run: Pick<RunIdentity, 'mode'> };

/** What a step that changes nothing acts through: a live run goes on where the configuration says so. */
export function goingOn(deps: Deps, step: Step): Deps {
  return aheadFor(deps, step)?.away ?? deps;
}

/**
 * Does a command over the store, or over the file while the store is away. Which, is decided once, before anything is written: a
 * write to the store whose outcome is unknown is never followed by one to the file. Only the first try of a command is written
 * ahead, so that nobody has begun it before.
 *
 * @throws StoreError `store.unavailable`: then nothing was sent
 */
export async function withStore(
  deps: Deps,
  input: CommandInput,
  work: (deps: Deps) => Promise<CommandDone>,
): Promise<CommandDone> {
  const ahead = aheadFor(deps, input);
  if (ahead === undefined) return work(deps);
  if (!isForFile(input)) {
    await settledFirst(deps, input);
    return work(deps);
  }
  if (!(await isStoreAway(deps, ahead))) return work(deps);
  return ahead.file.whileBusy(async () => {
    const done = await work(ahead.away);
    return { ...done, note: done.note === undefined ? WRITTEN_AHEAD : `${WRITTEN_AHEAD}; ${done.note}` };
  });
}

/** What was written ahead comes before what is written now. @throws StoreError `store.unavailable` while it cannot be */
export async function settledFirst(deps: Deps, step: Step): Promise<void> {
  const ahead = aheadFor(deps, step);
  if (ahead === undefined || (await ahead.file.settle()) === 'merged') return;
  throw notMerged();
}

/**
 * Whether a command of which the store knows nothing may have been sent all the same: a worker may have written it ahead, and that
 * is merged when it runs again.
 */
export function mayBeAhead({ ahead }: Pick<Deps, 'ahead'>, { run, action, lost }: CommandInput): boolean {
  return ahead !== undefined && run.mode === 'live' && isForFile({ action, lost });
}

/** @returns what asks a person instead of sending anything again */
export function neverMerged({ action }: Pick<CommandInput, 'action'>): StepError {
  const because = 'Its worker was lost, and what that has written ahead may not be in the store yet.';
  return new StepError(
    'effect.unclear',
    `Whether ${action} was sent, the store does not say. ${because} Start that worker again, look at the server, then decide.`,
    { details: { action, because, seen: 'nothing was looked at' } },
  );
}

/** Of which nobody has begun a try before. */
function isForFile({
  action,
  lost,
}: {
  readonly action: string;
  readonly lost?: number | undefined;
}): boolean {
  return lost === 0 && !NEED_STORE.has(action);
}

/** The file of this worker, where a step may be written ahead to it. */
export function aheadFor({ ahead }: Pick<Deps, 'ahead'>, { run }: Step): GoesOn | undefined {
  return run.mode === 'live' && ahead?.file.isHeld === true ? ahead : undefined;
}

async function isStoreAway(deps: Deps, { file }: GoesOn): Promise<boolean> {
  for (let look = 1; ; look += 1) {
    const settled = await file.settle();
    // Another command of this worker is under way: what comes after it is merged after it.
    if (settled === 'busy') return true;
    const away = await answers(() => deps.stores.freezes.pending(deps.now()));
    if (away === undefined && settled === 'merged') return false;
    if (look === LOOKS) {
      if (away === undefined) throw notMerged();
      return true;
    }
    await pause(BETWEEN_LOOKS_MS);
  }
}

/** What was thrown when the store is away; undefined when it answers. */
async function answers(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    if (isAway(error)) return error;
    throw error;
  }
}

function notMerged(): StoreError {
  return new StoreError('store.unavailable', 'write-ahead', {
    detail: 'What was written ahead is not in the store yet.',
  });
}
