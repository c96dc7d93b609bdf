import { fromBase64, fromUtf8, toBase64 } from './bytes.ts';
import { cosignature, readCosignature } from './cosignature.ts';
import { isKeyName, keyLabel, signBytes, verifyBytes, type SignerKey, type VerifierKey } from './keys.ts';
import { LedgerError } from './ledger-error.ts';

/** A note: a text that ends in a newline, and signatures under it (C2SP signed-note). Nothing is checked yet. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** One line under a note. Name and key id find the key; only the signature proves it. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** A signature that has been checked. */
export interface Signed {
  readonly key: VerifierKey;
  /** Of a cosignature: when it was given, in seconds since 1970. */
  readonly at?: number;
}

/** What a check of a note's signatures has found. */
export interface VerifiedSignatures {
  readonly signed: readonly Signed[];
  /** Signatures of keys that are not known. Nobody has checked them: whoever wants a file unchanged refuses them. */
  readonly unknown: readonly NoteSignature[];
}

/** A checkpoint with a dozen signatures has about 2 KB. */
export const MAX_NOTE_BYTES = 128 * 1024;
const MAX_SIGNATURES = 100;
const KEY_ID_BYTES = 4;
const PREFIX = '\u2014 ';

/**
 * Reads a note strictly: what a program could read in two ways is refused.
 *
 * @throws LedgerError `ledger.badNote`
 */
export function parseNote(note: Uint8Array | string): SignedNote {
  const text = readNote(note);
  const border = text.lastIndexOf('\n\n');
  if (border < 0) throw badNote('note', 'There is no blank line before the signatures.');
  return { text: text.slice(0, border + 1), signatures: parseSignatures(text.slice(border + 2)) };
}

/**
 * Reads signature lines alone, as a witness answers them.
 *
 * @throws LedgerError `ledger.badNote`
 */
export function parseSignatures(lines: string): readonly NoteSignature[] {
  if (!lines.endsWith('\n')) throw badNote('note', 'The last signature has no newline, or there is none.');
  const each = lines.slice(0, -1).split('\n');
  if (each.length > MAX_SIGNATURES) throw badNote('note', `It has more than ${MAX_SIGNATURES} signatures.`);
  return each.map((line, at) => parseSignature(line, `signature ${at + 1}`));
}

/** The text of a note with its signatures. */
export function formatNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

/** One signature line, with its newline. */
export function formatSignature({ name, keyId, signature }: NoteSignature): string {
  return `${PREFIX}${name} ${toBase64(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}\n`;
}

/**
 * Signs a text with one or several keys.
 *
 * @param at seconds since 1970; what a key of the kind `cosignature/v1` says about the time
 * @throws LedgerError `ledger.badNote` when the text cannot be a note
 */
export function signNote(text: string, keys: readonly SignerKey[], at: number): SignedNote {
  if (!text.endsWith('\n')) throw badNote('note', 'The text does not end in a newline.');
  const note = { text, signatures: keys.map((key) => signatureOf(key, text, at)) };
  readNote(formatNote(note));
  return note;
}

/**
 * Checks all signatures of known keys.
 *
 * @throws LedgerError `ledger.badSignature` when one of them is wrong, `ledger.notSigned` when there is none,
 *   `ledger.badNote` when a key has signed twice
 */
export function verifyNote(note: SignedNote, keys: readonly VerifierKey[]): VerifiedSignatures {
  const signed: Signed[] = [];
  const unknown: NoteSignature[] = [];
  for (const signature of note.signatures) {
    const key = keys.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    if (key === undefined) unknown.push(signature);
    else if (signed.some((other) => other.key === key)) throw badNote(keyLabel(key), 'It has signed twice.');
    else signed.push(verified(key, note.text, signature.signature));
  }
  if (signed.length === 0) throw new LedgerError('ledger.notSigned', 'note');
  return { signed, unknown };
}

function signatureOf(key: SignerKey, text: string, at: number): NoteSignature {
  const signature =
    key.kind === 'ed25519' ? signBytes(key, Buffer.from(text, 'utf8')) : cosignature(key, text, at);
  return { name: key.name, keyId: key.keyId, signature };
}

function verified(key: VerifierKey, text: string, signature: Uint8Array): Signed {
  if (key.kind === 'ed25519') {
    if (verifyBytes(key, Buffer.from(text, 'utf8'), signature)) return { key };
  } else {
    const at = readCosignature(key, text, signature);
    if (at !== undefined) return { key, at };
  }
  throw new LedgerError('ledger.badSignature', keyLabel(key));
}

function parseSignature(line: string, place: string): NoteSignature {
  const [name = '', base64 = '', ...more] = line.startsWith(PREFIX)
    ? line.slice(PREFIX.length).split(' ')
    : [];
  const bytes = fromBase64(base64);
  if (more.length > 0 || !isKeyName(name) || bytes === undefined || bytes.byteLength <= KEY_ID_BYTES) {
    throw badNote(place, 'The line is not an em dash, a name and base64.');
  }
  const keyId = Buffer.from(bytes.subarray(0, KEY_ID_BYTES)).toString('hex');
  return { name, keyId, signature: bytes.subarray(KEY_ID_BYTES) };
}

function readNote(note: Uint8Array | string): string {
  const bytes = typeof note === 'string' ? Buffer.from(note, 'utf8') : note;
  if (bytes.byteLength > MAX_NOTE_BYTES) throw badNote('note', `It has more than ${MAX_NOTE_BYTES} bytes.`);
  const text = typeof note === 'string' ? note : fromUtf8(note);
  if (text === undefined || /\p{Cs}/u.test(text)) throw badNote('note', 'It is no UTF-8.');
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) throw badNote('note', 'It has a control character.');
  return text;
}

function badNote(place: string, detail: string): LedgerError {
  return new LedgerError('ledger.badNote', place, { detail });
}
