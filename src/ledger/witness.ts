import type { Hash } from '../merkle/index.ts';
import { parseCheckpointText } from './checkpoint.ts';
import { keyLabel, type VerifierKey } from './keys.ts';
import { LedgerError } from './ledger-error.ts';
import {
  formatNote,
  parseNote,
  parseSignatures,
  verifyNote,
  type NoteSignature,
  type SignedNote,
} from './signed-note.ts';

/** What a witness is asked (C2SP tlog-witness, `add-checkpoint`). */
export interface WitnessRequest {
  /** The size of the newest checkpoint that the witness is thought to know. */
  readonly oldSize: number;
  /** The consistency proof from there to the size of the checkpoint. */
  readonly proof: readonly Hash[];
  /** The checkpoint, signed by the ledger. */
  readonly checkpoint: string;
}

export type WitnessAnswer =
  /** Signature lines over the checkpoint; nobody has checked them yet. */
  | { readonly kind: 'cosigned'; readonly lines: string }
  /** It knows a checkpoint of another size, or of the same size with another root. */
  | { readonly kind: 'conflict'; readonly size?: number }
  /** The proof does not lead from what it knows to the checkpoint. */
  | { readonly kind: 'inconsistent' }
  /** It does not know the ledger, or none of the keys that signed. */
  | { readonly kind: 'refused'; readonly why: string };

/** Somebody else who remembers the newest checkpoint, and cosigns only what continues it. */
export interface Witness {
  /** Where it is, for messages. */
  readonly place: string;
  /** Its verifier keys from the configuration; only these are believed. */
  readonly keys: readonly VerifierKey[];
  /** @throws LedgerError `witness.unreachable`, `witness.badAnswer` */
  add(request: WitnessRequest): Promise<WitnessAnswer>;
}

export interface CosignRequest {
  /** The checkpoint, signed by the ledger. */
  readonly checkpoint: string;
  /** The size the witness has cosigned last, as far as known. Default 0: it is asked first. */
  readonly knownSize?: number;
  /** Makes a consistency proof between two sizes of the ledger. */
  readonly prove: (from: number, to: number) => readonly Hash[] | Promise<readonly Hash[]>;
}

/** Another process may ask the same witness in between. */
const MAX_TRIES = 8;

/**
 * Asks a witness to cosign a checkpoint. While two processes ask for one ledger, `witness.rollback` can also mean that
 * the other was faster: compare `knownSize` with the newest checkpoint in the store.
 *
 * @returns its signature lines, checked against its keys
 * @throws LedgerError `witness.rollback`, `witness.splitView`, `witness.unreachable`, `witness.refused`,
 *   `witness.badAnswer`
 */
export async function askWitness(
  witness: Witness,
  { checkpoint, knownSize = 0, prove }: CosignRequest,
): Promise<readonly NoteSignature[]> {
  const note = parseNote(checkpoint);
  const { size } = parseCheckpointText(note.text);
  let oldSize = knownSize <= size ? knownSize : 0;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const answer = await witness.add({ oldSize, proof: await prove(oldSize, size), checkpoint });
    if (answer.kind === 'cosigned') return checkedLines(witness, note, answer.lines);
    oldSize = nextSize(witness, answer, oldSize, size);
  }
  throw new LedgerError('witness.unreachable', witness.place, {
    detail: `Others ask it at the same time: it names another size each time, ${oldSize} in the end.`,
  });
}

/** The checkpoint with the signatures of witnesses under it, instead of earlier ones of the same keys. */
export function withSignatures(checkpoint: string, signatures: readonly NoteSignature[]): string {
  const note = parseNote(checkpoint);
  const added = new Set(signatures.map(keyLabel));
  const others = note.signatures.filter((signature) => !added.has(keyLabel(signature)));
  return formatNote({ text: note.text, signatures: [...others, ...signatures] });
}

/** The size to begin at in the next try, when there is a next try. */
function nextSize(
  { place }: Witness,
  answer: Exclude<WitnessAnswer, { readonly kind: 'cosigned' }>,
  oldSize: number,
  size: number,
): number {
  switch (answer.kind) {
    case 'inconsistent':
      throw new LedgerError('witness.splitView', place, {
        detail: `The first ${oldSize} of ${size} entries are not the ones it knows.`,
      });
    case 'refused':
      throw new LedgerError('witness.refused', place, { detail: answer.why });
    case 'conflict':
      return conflicting(place, answer.size, oldSize, size);
  }
}

function conflicting(place: string, known: number | undefined, oldSize: number, size: number): number {
  // Some witnesses name no size when the sizes are equal and the roots are not.
  if (oldSize === size && (known === undefined || known === size)) {
    throw new LedgerError('witness.splitView', place, {
      detail: `It knows another root of ${size} entries.`,
    });
  }
  if (known === undefined || known === oldSize) {
    throw new LedgerError('witness.badAnswer', place, {
      detail: 'It refuses the size that it knows itself.',
    });
  }
  if (known > size) {
    const detail = `It knows ${known} entries, here are ${size}.`;
    throw new LedgerError('witness.rollback', place, { detail, knownSize: known });
  }
  return known;
}

function checkedLines(
  { place, keys }: Witness,
  { text }: SignedNote,
  lines: string,
): readonly NoteSignature[] {
  try {
    const signatures = parseSignatures(lines);
    const cosigners = keys.filter(({ kind }) => kind === 'cosignature/v1');
    const { unknown } = verifyNote({ text, signatures }, cosigners);
    return signatures.filter((signature) => !unknown.includes(signature));
  } catch (cause) {
    throw new LedgerError('witness.badAnswer', place, { cause });
  }
}
