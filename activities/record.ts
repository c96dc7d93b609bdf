import { LEDGER_VERSION, type LedgerEntry } from '../src/model/ledger-entry.ts';
import type { RunIdentity } from '../src/model/run.ts';
import type { RunNote } from '../src/model/run-note.ts';
import { isAway } from '../src/store/index.ts';
import type { Deps } from './deps.ts';
import { digestOf } from './digest.ts';
import { aheadFor } from './go-on.ts';

/** Enters what a run tells of itself; the same told again changes nothing. */
export async function recordNotes(
  deps: Pick<Deps, 'stores' | 'ahead'>,
  { run, notes }: { readonly run: RunIdentity; readonly notes: readonly RunNote[] },
): Promise<void> {
  const { stores } = deps;
  const entries = notes.map((note) => entryOf(run, note));
  const ahead = aheadFor(deps, { run });
  if (ahead === undefined) {
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

/** What a note of a run is in the ledger. */
export function entryOf(identity: RunIdentity, note: RunNote): LedgerEntry {
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
