import {
  appended,
  EMPTY_FRONTIER,
  leafHash,
  rootOfFrontier,
  sameHash,
  type Hash,
} from '../../merkle/index.ts';
import type { KeptEntry, LedgerRow, PrunedEntry } from '../../store/index.ts';
import { toBase64 } from '../bytes.ts';
import { openCheckpoint, type Checkpoint } from '../checkpoint.ts';
import { parseEntry } from '../entry-schema.ts';
import { KeyChain, keyChangesOf, type Seal } from '../key-change.ts';
import { keyLabel, type VerifierKey } from '../keys.ts';
import type { Signed } from '../signed-note.ts';
import { atEntry, atFile, quoted } from './problem.ts';
import { Prunings } from './prunings.ts';
import { problemOf, type Problem } from './verdict.ts';

/** A copy of a whole ledger. */
export interface LedgerCopy {
  /** All of them, in the order of positions. */
  readonly entries: Iterable<LedgerRow>;
  /** The signed notes that were kept, the smallest first. */
  readonly checkpoints: readonly string[];
  /** The signed statements of what was removed. */
  readonly prunings?: readonly string[];
}

export interface VerifyLedgerOptions {
  readonly origin: string;
  readonly ledgerKeys: readonly VerifierKey[];
  readonly witnessKeys?: readonly VerifierKey[];
  /** The newest checkpoint that a witness has cosigned, as the witness keeps it. It shows what was cut off or rewritten. */
  readonly witnessed?: string;
  /** Whether one of the witnesses whose keys were given has to have cosigned a checkpoint. Default false. */
  readonly mustBeWitnessed?: boolean;
  /**
   * Whether entries that nobody has signed are a problem, and not only told of; and, where keys of witnesses were given,
   * signatures of others.
   */
  readonly strict?: boolean;
}

/** What became of it: how far the ledger is proven, or the first thing that is wrong. */
export type LedgerVerdict =
  | {
      readonly ok: true;
      /** Entries in all, and those behind the last checkpoint, which nobody has signed yet. */
      readonly entries: number;
      readonly unsigned: number;
      readonly checkpoints: number;
      /** Entries whose texts were removed by signed prunings; their hashes are there. */
      readonly pruned: number;
      /** Signatures under them of keys that were not given. */
      readonly unknownSignatures: number;
      /** Of all entries, in base64. */
      readonly root: string;
      /** Keys that were not given, and follow one that was: it has signed that they do. */
      readonly vouchedKeys: readonly string[];
      /** The largest checkpoint that a witness has cosigned whose key was given. */
      readonly cosigned?: { readonly size: number; readonly by: readonly string[] };
    }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Checks a copy of a whole ledger: every entry, none missing, none twice, and that they are what every checkpoint stands for. The
 * place of what was changed is the first position after the last checkpoint that still holds.
 */
export function verifyLedger(copy: LedgerCopy, options: VerifyLedgerOptions): LedgerVerdict {
  try {
    const entries = [...copy.entries];
    const chain = new KeyChain(options.origin, options.ledgerKeys, keyChangesOf(entries.filter(hasText)));
    const marks = openedMarks(copy, options, chain);
    const { origin } = options;
    const prunings = new Prunings(copy.prunings ?? [], { origin, chain, size: entries.length });
    const { size, root, sealed } = walked(entries, marks, prunings);
    // Not a matter of strictness: nothing here would be anybody's word.
    if (size > 0 && sealed === 0) {
      throw atEntry('evidence.notSealed', 0, 'No checkpoint holds any of the entries.');
    }
    const change = chain.unsealedChange(marks.map(sealOf));
    if (change !== undefined) {
      const detail = 'No newer key has signed this change of keys, so that the older key is not believed.';
      throw atEntry('evidence.notSealed', change, detail);
    }
    const last = marks.findLast(({ by }) => by.length > 0);
    if (last === undefined && options.mustBeWitnessed === true) {
      throw atFile('evidence.notWitnessed', 'checkpoint', 'You gave keys of witnesses.');
    }
    if (options.strict === true && size > sealed) {
      throw atEntry('evidence.notSealed', sealed, `There are ${size - sealed} of them.`);
    }
    return {
      ok: true,
      entries: size,
      unsigned: size - sealed,
      checkpoints: copy.checkpoints.length,
      pruned: prunings.removed,
      unknownSignatures: marks.reduce((count, { unknown }) => count + unknown, 0),
      root: toBase64(root),
      vouchedKeys: chain.vouched.map(keyLabel),
      ...(last !== undefined && { cosigned: { size: last.checkpoint.size, by: last.by } }),
    };
  } catch (error) {
    return { ok: false, problem: problemOf(error, 'checkpoint') };
  }
}

/** A size at which the root is known. */
interface Mark {
  readonly file: string;
  readonly checkpoint: Checkpoint;
  readonly isWitness: boolean;
  /** The keys of the ledger that have signed it. */
  readonly signed: readonly Signed[];
  readonly unknown: number;
  /** The witnesses that have cosigned it, with the time. */
  readonly by: readonly string[];
}

/** The checkpoints, checked, in the order of sizes. @throws LedgerError, EvidenceProblem */
function openedMarks(
  { checkpoints }: LedgerCopy,
  { origin, witnessKeys = [], witnessed, strict = false }: VerifyLedgerOptions,
  chain: KeyChain,
): readonly Mark[] {
  const known = chain.checkpointKeys(origin, witnessKeys);
  const marks: Mark[] = checkpoints.map((note, at) => {
    const { checkpoint, signed, cosigned, unknown } = openCheckpoint(note, known);
    const file = `checkpoint ${at + 1}`;
    chain.assertSignedInTime(checkpoint, signed, file);
    const [stranger] = unknown;
    // Who gives no keys of witnesses has nothing to know them by.
    if (strict && witnessKeys.length > 0 && stranger !== undefined) {
      throw atFile('evidence.unknownSignature', file, `It is by ${quoted(keyLabel(stranger))}.`);
    }
    const by = cosigned.map(witnessSays);
    return { file, checkpoint, isWitness: false, signed, unknown: unknown.length, by };
  });
  marks.forEach(({ checkpoint, file }, at) => {
    if (checkpoint.size < (marks[at - 1]?.checkpoint.size ?? 0)) {
      throw atFile('evidence.positionGap', file, 'The checkpoints are not in the order of their sizes.');
    }
  });
  if (witnessed === undefined) return marks;
  const file = 'checkpoint of the witness';
  const { checkpoint, signed, cosigned } = openCheckpoint(witnessed, known);
  if (cosigned.length === 0) throw atFile('evidence.notWitnessed', file, 'It is not cosigned.');
  chain.assertSignedInTime(checkpoint, signed, file);
  // The word of a witness weighs more, so it comes first.
  const witness: Mark = {
    file,
    checkpoint,
    isWitness: true,
    signed,
    unknown: 0,
    by: cosigned.map(witnessSays),
  };
  return [witness, ...marks].sort((a, b) => a.checkpoint.size - b.checkpoint.size);
}

function sealOf({ checkpoint: { size }, signed }: Mark): Seal {
  return { size, signed };
}

function witnessSays({ key, at = 0 }: Signed): string {
  return `${keyLabel(key)} at ${new Date(at * 1_000).toISOString()}`;
}

interface Walked {
  readonly size: number;
  readonly root: Hash;
  /** The size of the last checkpoint. */
  readonly sealed: number;
}

function walked(entries: readonly LedgerRow[], marks: readonly Mark[], prunings: Prunings): Walked {
  const keys = new Set<string>();
  const rest = [...marks];
  let frontier = EMPTY_FRONTIER;
  let sealed = 0;
  const check = (): void => {
    while (rest[0]?.checkpoint.size === frontier.size) {
      const mark = rest.shift();
      if (mark !== undefined) assertRoot(mark, rootOfFrontier(frontier), sealed);
      sealed = frontier.size;
    }
  };
  check();
  for (const row of entries) {
    const { position } = row;
    const expected = frontier.size;
    if (position !== expected) {
      throw atEntry('evidence.positionGap', expected, `There is entry ${position} in place of ${expected}.`);
    }
    const entry = hasText(row) ? parseEntry(row.text, position) : undefined;
    const leaf = hasText(row) ? leafHash(row.text) : leafOf(row);
    prunings.see(position, leaf, entry);
    if (entry !== undefined) {
      const { key } = entry;
      if (keys.has(key)) throw atEntry('evidence.doubleEntry', position, `${quoted(key)} stands twice.`);
      keys.add(key);
    }
    frontier = appended(frontier, leaf);
    check();
  }
  const [missing] = rest;
  if (missing !== undefined) {
    const { file, checkpoint, isWitness } = missing;
    const detail = `${file} stands for ${checkpoint.size} entries, and there are ${frontier.size}.`;
    throw atEntry(isWitness ? 'evidence.rolledBack' : 'evidence.positionGap', frontier.size, detail);
  }
  prunings.assertWhole();
  return { size: frontier.size, root: rootOfFrontier(frontier), sealed };
}

function hasText(row: LedgerRow): row is KeptEntry {
  return 'text' in row;
}

/** What is left of a removed entry. @throws EvidenceProblem `evidence.badFile` */
function leafOf({ position, leaf }: PrunedEntry): Uint8Array {
  const bytes = Buffer.from(leaf, 'hex');
  if (bytes.length === 32 && bytes.toString('hex') === leaf) return bytes;
  throw atEntry('evidence.badFile', position, 'It has neither a text nor a hash.');
}

function assertRoot({ file, checkpoint, isWitness }: Mark, root: Hash, sealed: number): void {
  const { size } = checkpoint;
  if (sameHash(root, checkpoint.root)) return;
  const detail = `At ${size} entries ${file} names another root, so one of ${sealed} to ${size - 1} is wrong.`;
  throw atEntry(isWitness ? 'evidence.forked' : 'evidence.wrongRoot', sealed, detail);
}
