import type { LedgerEntry } from '../../model/ledger-entry.ts';
import { sha256 } from '../digest.ts';
import type { KeyChain } from '../key-change.ts';
import { keyLabel } from '../keys.ts';
import { leavesDigestOf, openPruning, type OpenedPruning } from '../pruning.ts';
import { atEntry, atFile } from './problem.ts';

/** A statement that entries were removed, and the entry that says the same. */
interface Opened extends OpenedPruning {
  readonly file: string;
  readonly digest: string;
  /** The leaf hashes at the positions that it names, as far as they were seen. */
  readonly leaves: Uint8Array[];
}

/** Positions that one of them names. */
interface Named {
  readonly first: number;
  readonly last: number;
  readonly by: Opened;
}

type PruningEntry = Extract<LedgerEntry, { readonly kind: 'pruning' }>;

/** What was removed from a ledger, as signed statements say: nothing else may be missing. */
export class Prunings {
  readonly #opened: readonly Opened[];
  readonly #chain: KeyChain;
  /** In the order of positions, and apart from each other. */
  readonly #named: readonly Named[];
  #next = 0;
  readonly #entries: { readonly position: number; readonly entry: PruningEntry }[] = [];
  #removed = 0;

  /**
   * @param size how many entries there are
   * @throws LedgerError for one that no key of the ledger has signed; EvidenceProblem `evidence.pruning`
   */
  constructor(
    statements: readonly string[],
    { origin, chain, size }: { origin: string; chain: KeyChain; size: number },
  ) {
    this.#chain = chain;
    this.#opened = statements.map((envelope, at) => {
      const file = `pruning ${at + 1}`;
      const { says, signed } = openPruning(envelope, chain.keys);
      if (says.origin !== origin) throw atFile('evidence.pruning', file, 'It is of another ledger.');
      // Ranges are ascending. Before anything is made of them: a short text can name any number of positions.
      if ((says.ranges.at(-1)?.[1] ?? 0) >= size) {
        throw atFile(
          'evidence.pruning',
          file,
          `It names positions behind the end: there are ${size} entries.`,
        );
      }
      return { file, digest: sha256(envelope), says, signed, leaves: [] };
    });
    this.#named = inOrder(this.#opened);
  }

  /** How many entries have no text any more. */
  get removed(): number {
    return this.#removed;
  }

  /** Called for every place of the ledger, in order. @throws EvidenceProblem `evidence.notPruned` */
  see(position: number, leaf: Uint8Array, entry: LedgerEntry | undefined): void {
    while ((this.#named[this.#next]?.last ?? position) < position) this.#next += 1;
    const named = this.#named[this.#next];
    const isNamed = named !== undefined && named.first <= position;
    if (isNamed) named.by.leaves.push(leaf);
    if (entry?.kind === 'pruning') this.#entries.push({ position, entry });
    if (entry !== undefined) return;
    if (!isNamed) throw atEntry('evidence.notPruned', position, `Entry ${position} has no text.`);
    this.#removed += 1;
  }

  /** Called behind the last place: each statement has its entry, and says of the leaves what they are. @throws EvidenceProblem */
  assertWhole(): void {
    const entered = new Map(this.#entries.map((one) => [one.entry.statementDigest, one]));
    for (const { file, digest, says, signed, leaves } of this.#opened) {
      const found = entered.get(digest);
      if (found === undefined) throw atFile('evidence.pruning', file, 'The ledger has no entry of it.');
      const { position, entry } = found;
      // Otherwise whoever has a retired key could still remove.
      const needed = this.#chain.missingAt(position, signed);
      if (needed !== undefined) {
        const detail = `${keyLabel(needed)} was the key by then, and has not signed ${file}.`;
        throw atEntry('evidence.pruning', position, detail);
      }
      const isSaid =
        entry.id === says.id &&
        entry.actor === says.actor &&
        entry.policyDigest === says.policyDigest &&
        entry.leavesDigest === says.leavesDigest &&
        entry.count === leaves.length &&
        says.ranges.every(([, last]) => last < position) &&
        leavesDigestOf(leaves) === says.leavesDigest;
      if (!isSaid) throw atEntry('evidence.pruning', position, `${file} is not what entry ${position} says.`);
    }
    const known = new Set(this.#opened.map(({ digest }) => digest));
    const lost = this.#entries.find(({ entry }) => !known.has(entry.statementDigest));
    if (lost !== undefined) {
      throw atEntry('evidence.pruning', lost.position, 'The signed statement of this pruning is missing.');
    }
  }
}

/** What all of them name. @throws EvidenceProblem `evidence.pruning` when two name the same entry: it was removed once */
function inOrder(opened: readonly Opened[]): readonly Named[] {
  const named = opened
    .flatMap((by) => by.says.ranges.map(([first, last]): Named => ({ first, last, by })))
    .sort((a, b) => a.first - b.first);
  named.forEach(({ first, by }, index) => {
    const before = named[index - 1];
    if (before === undefined || before.last < first) return;
    throw atFile('evidence.pruning', by.file, `${before.by.file} names entry ${first} as well.`);
  });
  return named;
}
