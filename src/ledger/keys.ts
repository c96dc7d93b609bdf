import { createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';
import { fromBase64, toBase64 } from './bytes.ts';
import { LedgerError } from './ledger-error.ts';

/** What a key signs: notes and statements as they are, or checkpoints as a witness, with the time. */
export type KeyKind = 'ed25519' | 'cosignature/v1';

/** The signature type of C2SP signed-note: it is part of a key's id, so that a key of one kind never counts as another. */
const TYPE_BYTES: Readonly<Record<KeyKind, number>> = { ed25519: 0x01, 'cosignature/v1': 0x04 };

const PUBLIC_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const MAX_NAME_LENGTH = 256;

/** What it takes to check signatures of one key. */
export interface VerifierKey {
  /** Whose key it is, such as `muster.example/ledger`. */
  readonly name: string;
  /** Eight hex digits over name, kind and key. Short: together with the name it finds a key and proves nothing. */
  readonly keyId: string;
  readonly kind: KeyKind;
  readonly publicKey: KeyObject;
}

/** What it takes to sign. */
export interface SignerKey extends VerifierKey {
  readonly privateKey: KeyObject;
}

/**
 * An Ed25519 private key with the name under which it signs.
 *
 * @throws LedgerError `ledger.badKey`
 */
export function signerKey(name: string, kind: KeyKind, privateKey: KeyObject): SignerKey {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519') {
    throw new LedgerError('ledger.badKey', name, { detail: 'It is no Ed25519 private key.' });
  }
  return { ...verifierKey(name, kind, rawOf(createPublicKey(privateKey))), privateKey };
}

/** The key as others write it into their configuration: `name+hash+base64(type || public key)`. */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${key.keyId}+${toBase64(typed(key.kind, rawOf(key.publicKey)))}`;
}

/**
 * Reads what {@link formatVerifierKey} writes.
 *
 * @throws LedgerError `ledger.badKey`
 */
export function parseVerifierKey(text: string): VerifierKey {
  const [name = '', keyId = '', ...rest] = text.split('+');
  // A plus sign may also stand in the base64.
  const bytes = fromBase64(rest.join('+'));
  const kind = kindOf(bytes?.[0]);
  if (bytes?.byteLength !== 1 + PUBLIC_KEY_BYTES || kind === undefined) throw badKey(text);
  const key = verifierKey(name, kind, bytes.subarray(1));
  if (key.keyId !== keyId) throw badKey(text);
  return key;
}

/** A signature over these bytes. */
export function signBytes(key: SignerKey, bytes: Uint8Array): Uint8Array {
  return sign(null, bytes, key.privateKey);
}

/** Whether a signature over these bytes is of this key; false for a signature of another length. */
export function verifyBytes(key: VerifierKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, bytes, key.publicKey, signature);
}

/** Whether a name can stand in a signature line: not empty, no white space, no plus sign. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= MAX_NAME_LENGTH && !/[\s+\u0000-\u001f\u0085\p{Cs}]/u.test(name);
}

/** How a key is named in messages, and in the `keyid` of an envelope. */
export function keyLabel(key: Pick<VerifierKey, 'name' | 'keyId'>): string {
  return `${key.name}+${key.keyId}`;
}

function verifierKey(name: string, kind: KeyKind, raw: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw badKey(name);
  const hashed = Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), typed(kind, raw)]);
  const keyId = hash('sha256', hashed, 'buffer').subarray(0, KEY_ID_BYTES).toString('hex');
  return { name, keyId, kind, publicKey: publicKeyOf(raw) };
}

function typed(kind: KeyKind, raw: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(TYPE_BYTES[kind]), raw]);
}

function kindOf(type: number | undefined): KeyKind | undefined {
  if (type === TYPE_BYTES.ed25519) return 'ed25519';
  return type === TYPE_BYTES['cosignature/v1'] ? 'cosignature/v1' : undefined;
}

function rawOf(key: KeyObject): Uint8Array {
  const { x = '' } = key.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}

function publicKeyOf(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** The text may be anything, so only its beginning is repeated, in a form without surprises. */
function badKey(text: string): LedgerError {
  return new LedgerError('ledger.badKey', JSON.stringify(text.slice(0, MAX_NAME_LENGTH)));
}
