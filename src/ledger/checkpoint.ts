import { isHash, type Hash } from '../merkle/index.ts';
import { fromBase64, fromDecimal, toBase64 } from './bytes.ts';
import type { SignerKey, VerifierKey } from './keys.ts';
import { LedgerError } from './ledger-error.ts';
import {
  formatNote,
  parseNote,
  signNote,
  verifyNote,
  type NoteSignature,
  type Signed,
} from './signed-note.ts';

/** The state of a ledger in three lines: who it is, how many entries it has, and the root over all of them. */
export interface Checkpoint {
  /** The name of the ledger, such as `muster.example/ledger`. It never changes. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
  /** Further lines, signed with the rest. A witness says nothing about them. */
  readonly extensions: readonly string[];
}

/** A checkpoint whose signatures have been checked. */
export interface VerifiedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The keys of the ledger that signed it; at least one. */
  readonly signed: readonly Signed[];
  /** The witnesses that cosigned it, with the time. */
  readonly cosigned: readonly Signed[];
  readonly unknown: readonly NoteSignature[];
}

/** Whom a checkpoint is believed from. During a change of keys, the ledger has several. */
export interface CheckpointKeys {
  readonly origin: string;
  /** Verifier keys of the ledger, of the kind `ed25519`. */
  readonly ledger: readonly VerifierKey[];
  /** Verifier keys of witnesses, of the kind `cosignature/v1`; default none. */
  readonly witnesses?: readonly VerifierKey[];
}

/** The lines that are signed (C2SP tlog-checkpoint). */
export function checkpointText({ origin, size, root, extensions }: Checkpoint): string {
  return `${[origin, String(size), toBase64(root), ...extensions].join('\n')}\n`;
}

/**
 * Reads the signed text of a checkpoint.
 *
 * @throws LedgerError `ledger.badCheckpoint`
 */
export function parseCheckpointText(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw bad('text', 'The last line has no newline.');
  const [origin = '', sizeLine = '', rootLine = '', ...extensions] = text.slice(0, -1).split('\n');
  if (origin === '') throw bad('line 1', 'There is no origin.');
  const size = fromDecimal(sizeLine);
  if (size === undefined) throw bad('line 2', 'The size is no whole number.');
  const root = fromBase64(rootLine);
  if (!isHash(root)) throw bad('line 3', 'The root is not the base64 of 32 bytes.');
  const empty = extensions.indexOf('');
  if (empty >= 0) throw bad(`line ${empty + 4}`, 'The line is empty.');
  return { origin, size, root, extensions };
}

/**
 * A checkpoint as a signed note.
 *
 * @throws LedgerError `ledger.badCheckpoint` or `ledger.badNote` when what is given could not be read again
 */
export function signCheckpoint(checkpoint: Checkpoint, keys: readonly SignerKey[]): string {
  const text = checkpointText(checkpoint);
  parseCheckpointText(text);
  const wrong = keys.find(({ kind }) => kind !== 'ed25519');
  if (wrong !== undefined || keys.length === 0) {
    throw new LedgerError('ledger.badKey', wrong?.name ?? 'keys', { detail: 'A ledger signs with Ed25519.' });
  }
  return formatNote(signNote(text, keys, 0));
}

/**
 * Reads a checkpoint and checks who signed it: at least one key of the ledger, and every known key rightly.
 *
 * @throws LedgerError `ledger.badNote`, `ledger.badCheckpoint`, `ledger.badSignature`, `ledger.notSigned`
 */
export function openCheckpoint(
  note: Uint8Array | string,
  { origin, ledger, witnesses = [] }: CheckpointKeys,
): VerifiedCheckpoint {
  const parsed = parseNote(note);
  const checkpoint = parseCheckpointText(parsed.text);
  if (checkpoint.origin !== origin) throw bad('line 1', 'It is the checkpoint of another ledger.');
  const known = [
    ...ledger.filter(({ kind }) => kind === 'ed25519'),
    ...witnesses.filter(({ kind }) => kind === 'cosignature/v1'),
  ];
  const { signed, unknown } = verifyNote(parsed, known);
  const [own, cosigned] = [
    signed.filter(({ at }) => at === undefined),
    signed.filter(({ at }) => at !== undefined),
  ];
  if (own.length === 0) throw new LedgerError('ledger.notSigned', 'checkpoint');
  return { checkpoint, signed: own, cosigned, unknown };
}

function bad(place: string, detail: string): LedgerError {
  return new LedgerError('ledger.badCheckpoint', `checkpoint, ${place}`, { detail });
}
