import { setTimeout as pause } from 'node:timers/promises';
import { LEDGER_VERSION, type LedgerEntry } from '../src/model/ledger-entry.ts';
import type { RunIdentity } from '../src/model/run.ts';
import { NOT_ENTERED, type RunNote } from '../src/model/run-note.ts';
import { isAway } from '../src/store/index.ts';
import type { CommandInput } from './contract.ts';
import type { Deps } from './deps.ts';
import { digestOf } from './digest.ts';
import { StepError, toStepError } from './step-error.ts';

/** Longer than this, the run waits for it where people can see that. */
const ENTER_LIMIT_MS = 5_000;

/** Enters what a run tells of itself; the same told again changes nothing. */
export async function recordNotes(
  { stores, ahead }: Pick<Deps, 'stores' | 'ahead'>,
  { run, notes }: { readonly run: RunIdentity; readonly notes: readonly RunNote[] },
): Promise<void> {
  const entries = notes.map((note) => entryOf(run, note));
  if (ahead?.file.isHeld !== true || run.mode !== 'live') {
    await stores.ledger.append(entries);
    return;
  }
  // In the order in which it happened: while something is written ahead, what follows is, too.
  if ((await ahead.file.settle()) === 'merged') {
    try {
      await stores.ledger.append(entries);
      return;
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }
  await ahead.file.append(entries);
}

/**
 * Enters what led to a command. Nothing of the command is begun before.
 *
 * @throws StepError `step.storeAway`, marked so that the run waits until it can be entered, and sends the command then
 */
export async function enterNotes(
  deps: Pick<Deps, 'stores' | 'ahead'>,
  { run, notes = [] }: Pick<CommandInput, 'run' | 'notes'>,
): Promise<void> {
  if (notes.length === 0) return;
  try {
    await Promise.race([recordNotes(deps, { run, notes }), givenUp()]);
  } catch (error) {
    const { message } = toStepError(error);
    throw new StepError('step.storeAway', message, { cause: error, details: NOT_ENTERED });
  }
}

/** What is entered all the same, later, is entered once. */
async function givenUp(): Promise<never> {
  await pause(ENTER_LIMIT_MS, undefined, { ref: false });
  throw new StepError('step.storeAway', 'it was not done in time.');
}

function entryOf(identity: RunIdentity, note: RunNote): LedgerEntry {
  const run = identity.firstExecutionId;
  const head = { v: LEDGER_VERSION, at: note.at, run } as const;
  switch (note.kind) {
    case 'run.started':
      return {
        ...head,
        kind: note.kind,
        key: `${run}/started`,
        runId: identity.runId,
        runbook: identity.runbook,
        runbookDigest: identity.runbookDigest,
        mode: identity.mode,
        purpose: identity.purpose,
        actor: identity.starter,
        inputsDigest: digestOf(note.inputs),
        ...(note.parent === undefined ? {} : { parent: note.parent }),
        ...(identity.tookOver === undefined ? {} : { tookOver: identity.tookOver }),
      };
    case 'run.ended':
      return { ...head, ...note, key: `${run}/ended` };
    case 'step.ended': {
      const { output, outputDigest, ...told } = note;
      const digest = outputDigest ?? (output === undefined ? undefined : digestOf(output));
      return {
        ...head,
        ...told,
        key: `${run}/${note.path}/${note.attempt}/ended/${note.at}`,
        ...(digest === undefined ? {} : { outputDigest: digest }),
      };
    }
    case 'gate.decided':
      return { ...head, ...note, key: `gate/${note.nonce}/decided` };
    case 'decision': {
      const { person, ...told } = note;
      return {
        ...head,
        ...told,
        key: `${run}/${note.path}/${note.attempt}/decision/${note.at}`,
        actor: person,
      };
    }
  }
}
