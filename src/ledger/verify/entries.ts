import { leafHash, verifyInclusion } from '../../merkle/index.ts';
import { canonicalJson } from '../../model/json.ts';
import type { LedgerEntry, LedgerKind } from '../../model/ledger-entry.ts';
import { isEvidence, peopleOf, type RunNames } from '../bundle/entries.ts';
import { fromJson } from '../bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { parseEntry } from '../entry-schema.ts';
import { entryLine, proofsDocument } from './documents.ts';
import type { BundleFiles } from './files.ts';
import { atEntry, atFile, ENTRIES_FILE } from './problem.ts';

/** An entry of a kind. */
export type EntryOf<Kind extends LedgerKind> = Extract<LedgerEntry, { readonly kind: Kind }>;

/** An entry and where it stands. */
export interface Placed<Kind extends LedgerKind = LedgerKind> {
  readonly position: number;
  readonly entry: EntryOf<Kind>;
}

/** The entries of a bundle in the order of positions. */
export class Entries {
  readonly all: readonly Placed[];
  readonly #byKind = new Map<LedgerKind, Placed[]>();

  constructor(all: readonly Placed[]) {
    this.all = all;
    for (const placed of all) {
      const known = this.#byKind.get(placed.entry.kind);
      if (known === undefined) this.#byKind.set(placed.entry.kind, [placed]);
      else known.push(placed);
    }
  }

  /** Those of a kind. */
  of<Kind extends LedgerKind>(kind: Kind): readonly Placed<Kind>[] {
    const placed = this.#byKind.get(kind) ?? [];
    return placed.flatMap(({ position, entry }) => (isOfKind(entry, kind) ? [{ position, entry }] : []));
  }
}

/**
 * Reads the entries of a bundle and proves each of them: that it stands at its position in the tree of the checkpoint.
 *
 * @throws EvidenceProblem `evidence.badFile`, `evidence.positionGap`, `evidence.notIncluded`; LedgerError `ledger.badEntry`
 */
export function includedEntries(files: BundleFiles, { size, root }: Checkpoint): Entries {
  const lines = listedEntries(files);
  const proofs = files.json('proofs.json', proofsDocument);
  if (proofs.size !== size) {
    throw atFile('evidence.notIncluded', 'proofs.json', 'The proofs are for another size of the ledger.');
  }
  if (proofs.proofs.length !== lines.length) {
    throw atFile('evidence.notIncluded', 'proofs.json', 'There is not one proof for each entry.');
  }
  lines.forEach(({ position, text }, at) => {
    const proof = proofs.proofs[at];
    const isIncluded =
      proof?.position === position &&
      verifyInclusion({ leaf: leafHash(text), index: position, size, proof: proof.hashes, root });
    if (!isIncluded) throw atEntry('evidence.notIncluded', position, `Entry ${position} has no good proof.`);
  });
  return new Entries(lines.map(({ position, text }) => ({ position, entry: parseEntry(text, position) })));
}

/**
 * Whether all entries are about this run, or about what it depends on, and none says the same again.
 *
 * @throws EvidenceProblem `evidence.foreignEntry`, `evidence.doubleEntry`
 */
export function assertOfRun({ all }: Entries, run: RunNames): void {
  const people = peopleOf(
    all.map(({ entry }) => entry),
    run,
  );
  const keys = new Set<string>();
  for (const { position, entry } of all) {
    if (!isEvidence(entry, run, people)) {
      throw atEntry('evidence.foreignEntry', position, `The entry ${entry.kind} at ${position} is foreign.`);
    }
    if (keys.has(entry.key)) {
      throw atEntry(
        'evidence.doubleEntry',
        position,
        `The entry ${entry.kind} at ${position} repeats another.`,
      );
    }
    keys.add(entry.key);
  }
}

function isOfKind<Kind extends LedgerKind>(entry: LedgerEntry, kind: Kind): entry is EntryOf<Kind> {
  return entry.kind === kind;
}

/** What stands in a bundle as entries, before anything is proven of it. @throws EvidenceProblem */
export function listedEntries(files: BundleFiles): readonly Line[] {
  return readLines(files.text(ENTRIES_FILE));
}

interface Line {
  readonly position: number;
  readonly text: string;
}

function readLines(text: string): readonly Line[] {
  if (text !== '' && !text.endsWith('\n')) throw badLine(text.split('\n').length);
  let before = -1;
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, at) => {
      const read = entryLine.safeParse(fromJson(line));
      if (!read.success || canonicalJson(read.data) !== line) throw badLine(at + 1);
      const { position } = read.data;
      if (position <= before) {
        throw atEntry('evidence.positionGap', position, `Entry ${position} stands behind entry ${before}.`);
      }
      before = position;
      return read.data;
    });
}

function badLine(number: number): Error {
  return atFile('evidence.badFile', ENTRIES_FILE, `Line ${number} is no entry.`);
}
