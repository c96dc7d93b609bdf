import type { LedgerEntry } from '../../model/ledger-entry.ts';
import type { KeptEntry } from '../../store/index.ts';
import { parseEntry } from '../entry-schema.ts';

/** Which run entries are looked at for. */
export interface RunNames {
  readonly runId: string;
  readonly firstExecutionId: string;
}

/**
 * The entries that belong into the evidence of a run: its own, and what it depends on. Entries come in the order of positions
 * and are gone through twice, since who has a part in a run is known at its end.
 *
 * @throws LedgerError `ledger.badEntry`
 */
export function evidenceEntries(all: readonly KeptEntry[], run: RunNames): readonly KeptEntry[] {
  const read = all.map((kept) => ({ kept, entry: parseEntry(kept.text, kept.position) }));
  const entries = read.map(({ entry }) => entry);
  const people = peopleOf(entries, run);
  return read.filter(({ entry }) => isEvidence(entry, run, people)).map(({ kept }) => kept);
}

/** Whether an entry belongs into the evidence of a run in which these people have a part. */
export function isEvidence(entry: LedgerEntry, run: RunNames, people: ReadonlySet<string>): boolean {
  if (isOf(entry, run)) return true;
  if (entry.run !== undefined) return false;
  switch (entry.kind) {
    case 'freeze.set':
    case 'freeze.lifted':
    case 'configuration':
    case 'ledger.key':
      return true;
    case 'identity':
      return people.has(entry.person);
    case 'delegation':
      return people.has(entry.actor) || people.has(entry.to);
    case 'delegation.ended':
      return people.has(entry.actor);
    default:
      return false;
  }
}

/** Everybody who has a part in a run: who started it, and who voted, wrote a note or reviewed a report. */
export function peopleOf(entries: readonly LedgerEntry[], run: RunNames): ReadonlySet<string> {
  return new Set(
    entries.flatMap((entry) =>
      isOf(entry, run) &&
      (entry.kind === 'run.started' ||
        entry.kind === 'vote' ||
        entry.kind === 'note' ||
        entry.kind === 'review')
        ? [entry.actor]
        : [],
    ),
  );
}

/** Before a run has begun it has no execution yet, and only its own name. */
function isOf(entry: LedgerEntry, { runId, firstExecutionId }: RunNames): boolean {
  if (entry.run !== undefined) return entry.run === firstExecutionId;
  return (entry.kind === 'run.requested' || entry.kind === 'launch') && entry.runId === runId;
}
