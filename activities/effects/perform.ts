import { setTimeout as pause } from 'node:timers/promises';
import { isActionName, specOf } from '../../src/catalog/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { CommandDone } from '../../src/model/run.ts';
import { isUnwritable, StoreError, type Intent, type NewIntent } from '../../src/store/index.ts';
import { VeeamError } from '../../src/veeam/index.ts';
import type { CommandInput, Resolved } from '../contract.ts';
import type { Deps } from '../deps.ts';
import { digestOf } from '../digest.ts';
import { StepError, toStepError } from '../step-error.ts';
import type { CommandDriver, Observed, Sighting } from './driver.ts';
import { inTime } from './in-time.ts';
import { Lead } from './lead.ts';
import { assertAllowed } from './permission.ts';
import { assertFree, assertNotFrozen } from '../frozen.ts';
import { mayBeAhead, neverMerged } from '../go-on.ts';
import { touchedBy } from '../touched.ts';

/**
 * A request leaves within this time after its intent was recorded, or not at all. Below the heartbeat time-out of ten
 * seconds: a worker that was frozen and wakes up after it was given up finds the time over.
 */
export const SEND_WINDOW_MS = 8_000;
/** Between two looks for an effect. */
const LOOK_EVERY_MS = 250;

/** What a command is told of while it runs. */
export interface Conduct {
  readonly signal: AbortSignal;
  say(says: string): void;
}

/**
 * Does a command at most once: observe, intend, fence, act once, classify, verify, record.
 *
 * @throws StepError `run.frozen`, `vro.illegalState`, `fence.*` (nothing was sent), `effect.unclear` (a person has to look), or what
 * the server answered when it is certain that it did nothing
 */
export async function performCommand(
  deps: Deps,
  input: CommandInput,
  driver: CommandDriver,
  conduct: Conduct,
  lead = new Lead(),
): Promise<CommandDone> {
  await inTime(assertNotFrozen(deps, input));
  const observed = await driver.observe();
  if (observed.satisfied !== undefined) {
    await lead.enter(deps);
    await driver.satisfied?.();
    return {
      ...doneBy(input, observed, 'satisfied', observed.satisfied.output),
      note: observed.satisfied.note,
    };
  }
  if (input.phase === 'cleanup' && !(await isTouched(deps, input, observed))) {
    await lead.enter(deps);
    const note = 'nothing to clean up: this run has not touched it';
    return { ...doneBy(input, observed, 'satisfied', {}), note };
  }
  if (observed.illegal !== undefined) throw observed.illegal;
  await assertAllowed(deps, input, observed);
  const deadline = deps.monotonic() + SEND_WINDOW_MS;
  const intent = await begun(deps, input, lead, {
    ...keyOf(input),
    action: input.action,
    connection: input.connection ?? '',
    target: observed.target,
    baseline: observed.baseline,
    requestDigest: digestOf({ action: input.action, with: input.with }),
    sendBefore: deps.now() + SEND_WINDOW_MS,
  });
  const passed = { fence: false };
  const fence = async (): Promise<void> => {
    // Asked again only after the server refused an outdated access token, and with it the request.
    passed.fence = false;
    await assertStillTrue(deps, input, driver, { observed, intent, deadline, conduct });
    await deps.stores.intents.sending(intent, (freezes) => {
      assertFree(freezes, input, deps.now());
    });
    assertInTime(deps, intent, deadline, conduct);
    passed.fence = true;
  };
  conduct.say(`sending ${input.action}`);
  try {
    const output = await driver.send(observed, fence);
    await deps.stores.intents.finish(intent, { how: 'done', at: deps.now() });
    return doneBy(input, observed, 'done', output);
  } catch (error) {
    // A read that follows the command says nothing of it.
    const isCertain = error instanceof VeeamError && error.changes && error.effect === 'none';
    if (isCertain || !passed.fence) {
      await deps.stores.intents.finish(intent, { how: 'notDone', at: deps.now() });
      throw error;
    }
    const because = toStepError(error).message;
    conduct.say(`it is unclear whether ${input.action} took effect; looking`);
    return await verified(deps, input, driver, intent, because);
  }
}

/** Finds out what became of a command whose worker was lost. @throws StepError `effect.unclear` */
export async function resolveCommand(
  deps: Deps,
  input: CommandInput,
  driver: CommandDriver,
  conduct: Conduct,
): Promise<Resolved> {
  const intent = await deps.stores.intents.latest(keyOf(input));
  if (intent === undefined || intent.result?.how === 'notDone') {
    if (mayBeAhead(deps, input)) throw neverMerged(input);
    return { how: 'notDone' };
  }
  // Whoever was lost may still be alive; after this time it cannot send any more.
  await until(deps, intent.sendBefore, conduct);
  if (!intent.sending && (await deps.stores.intents.abandon(intent, deps.now()))) return { how: 'notDone' };
  return verified(deps, input, driver, intent, 'The worker was lost while it sent the command.');
}

/**
 * Looks for the effect until the server's lag is over; adopts it, or asks a person.
 *
 * @throws StepError `effect.unclear`; `effect.unrecorded` while the store is away: what was seen must not be forgotten
 */
async function verified(
  deps: Deps,
  input: CommandInput,
  driver: CommandDriver,
  intent: Intent,
  because: string,
): Promise<CommandDone> {
  const ends = Math.max(deps.now(), intent.recordedAt) + driver.effectLagMs;
  let last: Sighting = { saw: 'nothing' };
  let trouble = '';
  do {
    try {
      last = await driver.look(intent.baseline);
      trouble = '';
    } catch (error) {
      if (isUnwritable(error)) throw unrecorded(input, error);
      trouble = ` Looking failed: ${toStepError(error).message}`;
    }
    if (last.saw === 'happened') {
      await orUnrecorded(input, async () => {
        if (intent.result !== undefined) return;
        await deps.stores.intents.finish(intent, { how: 'adopted', at: deps.now() });
      });
      return {
        action: input.action,
        how: 'adopted',
        target: intent.target,
        baseline: intent.baseline,
        note: `adopted: ${because}`,
        ...(last.output === undefined ? {} : { output: last.output }),
      };
    }
    await pause(LOOK_EVERY_MS);
  } while (deps.now() < ends);
  const seen = last.saw === 'strange' ? last.what : 'no trace of it';
  throw new StepError(
    'effect.unclear',
    `${input.action} was sent once to ${intent.target}, and its answer says nothing: ${because} Looking shows ${seen}.${trouble} Look at the server, then decide.`,
    { details: { action: input.action, target: intent.target, baseline: intent.baseline, because, seen } },
  );
}

/** Another attempt has begun it, and may have sent it: that is looked for, and nothing sent beside it. */
async function begun(deps: Deps, input: CommandInput, lead: Lead, intent: NewIntent): Promise<Intent> {
  try {
    return await lead.begin(deps, intent);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'store.conflict') throw unrecorded(input, error);
    throw error;
  }
}

/** What is still to be written down of a command that is done. @throws StepError `effect.unrecorded` when it cannot be */
export async function orUnrecorded<T>(input: CommandInput, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isUnwritable(error) ? unrecorded(input, error) : error;
  }
}

/**
 * Does a command. What it throws of the store itself comes from before it was sent, or after a certain refusal: where it may
 * have taken effect, such errors are {@link unrecorded}.
 *
 * @throws StepError `step.storeAway`
 */
export async function orNotSent<T>({ action }: CommandInput, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    throw new StepError(
      'step.storeAway',
      `${action} did nothing: the ledger cannot be written, and until it can, nothing is sent. ${error.message} When that is mended, retry. docs/emergency.md says how a live run may go on without it.`,
      { cause: error },
    );
  }
}

/** It may have taken effect: whoever tried it anew would do it twice. */
function unrecorded({ action }: CommandInput, cause: StoreError): StepError {
  const message = `${action} was sent, and what became of it could not be written down: ${cause.message}`;
  return new StepError('effect.unrecorded', message, { cause, passing: true });
}

/** The fence: what was true when the command was allowed must be true right before it is sent. */
async function assertStillTrue(
  deps: Deps,
  input: CommandInput,
  driver: CommandDriver,
  at: { observed: Observed; intent: Intent; deadline: number; conduct: Conduct },
): Promise<void> {
  const now = await driver.observe();
  if (now.target !== at.observed.target || now.stateClass !== at.observed.stateClass) {
    throw new StepError(
      'fence.targetChanged',
      `${at.observed.targetName} was ${at.observed.stateClass} and is ${now.stateClass} now; somebody else acts on it. Nothing was sent.`,
    );
  }
  await assertAllowed(deps, input, now);
  // After all that takes time: another attempt may have begun meanwhile.
  if (!(await deps.stores.intents.isNewest(at.intent))) throw new StepError('fence.superseded');
  assertInTime(deps, at.intent, at.deadline, at.conduct);
}

/** Both clocks: a machine that slept, and one whose clock was set, must not send late. */
function assertInTime(deps: Deps, intent: Intent, deadline: number, { signal }: Conduct): void {
  if (signal.aborted) throw new StepError('effect.notSent', 'The command was cancelled before it was sent.');
  if (deps.now() > intent.sendBefore || deps.monotonic() > deadline) {
    throw new StepError('effect.notSent', 'It took too long to get ready to send; nothing was sent.');
  }
}

/**
 * Whether this run may have changed its target, so that cleaning up is its business. A check or a refused command is no
 * change: what somebody else did to the plan meanwhile is theirs.
 */
async function isTouched(deps: Deps, { run }: CommandInput, { target }: Observed): Promise<boolean> {
  const own = thingsIn(target);
  if (!own.every((thing) => /\/(plan|replica)\//.test(thing))) return true;
  const touched = await touchedBy(deps, run);
  return touched.some(
    (known) =>
      thingsIn(known.target).some((thing) => own.includes(thing)) &&
      known.sent.some((action) => isActionName(action) && specOf(action).impact === 'production'),
  );
}

/** The things that a target stands for: `site/replica/a+b` is two replicas. */
function thingsIn(target: string): string[] {
  const at = target.lastIndexOf('/') + 1;
  return target
    .slice(at)
    .split('+')
    .map((id) => `${target.slice(0, at)}${id}`);
}

async function until(deps: Deps, time: number, conduct: Conduct): Promise<void> {
  while (deps.now() <= time) {
    conduct.say('waiting until the lost worker can no longer send');
    await pause(Math.min(LOOK_EVERY_MS, Math.max(1, time - deps.now())));
  }
}

function keyOf({ run, path, attempt }: CommandInput): { run: string; path: string; attempt: number } {
  return { run: run.firstExecutionId, path, attempt };
}

function doneBy(
  { action }: CommandInput,
  { target, baseline }: Observed,
  how: CommandDone['how'],
  output: JsonObject | undefined,
): CommandDone {
  return { action, how, target, baseline, ...(output === undefined ? {} : { output }) };
}
