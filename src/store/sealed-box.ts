import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { canonicalJson } from '../model/json.ts';
import { SecretError } from './secret-error.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** What NIST SP 800-38D names for GCM. Random, and each data key seals once: no nonce meets its key twice. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key that seals the keys of secrets. It shows itself to nobody: Node prints no bytes of a KeyObject. */
export interface EnvelopeKey {
  /** The first 16 hex digits of a digest of it. */
  readonly id: string;
  readonly key: KeyObject;
}

/** The first seals, all open. */
export type EnvelopeKeys = readonly [EnvelopeKey, ...EnvelopeKey[]];

/** What a secret belongs to: it opens as nothing else. */
export interface Binding {
  readonly id: string;
  readonly connection: string;
  readonly kind: string;
  readonly run: string;
  readonly runbook: string;
  readonly path: string;
  readonly revealTo: string;
}

/** A sealed secret: a random key for it alone, and that key under an envelope key. */
export interface SealedBox {
  /** Of the envelope key. */
  readonly keyId: string;
  /** The data key: nonce, ciphertext, tag. */
  readonly wrapped: Uint8Array;
  /** The secret: nonce, ciphertext, tag. */
  readonly sealed: Uint8Array;
}

/** @throws SecretError `secret.badKey` unless there are 32 bytes */
export function envelopeKey(bytes: Uint8Array, about: string): EnvelopeKey {
  if (bytes.byteLength !== KEY_BYTES) throw new SecretError('secret.badKey', about);
  const id = createHash('sha256').update('muster/secret/key-id\0').update(bytes).digest('hex').slice(0, 16);
  return { id, key: createSecretKey(bytes) };
}

/** Seals a text, for whoever has one of the keys. */
export function seal(text: string, binding: Binding, [envelope]: EnvelopeKeys): SealedBox {
  const dataKey = randomBytes(KEY_BYTES);
  const box = {
    keyId: envelope.id,
    wrapped: encrypted(dataKey, envelope.key, aadOf('key', binding)),
    sealed: encrypted(Buffer.from(text, 'utf8'), createSecretKey(dataKey), aadOf('text', binding)),
  };
  dataKey.fill(0);
  return box;
}

/** @throws SecretError `secret.keyUnknown`, `secret.corrupt` */
export function open(box: SealedBox, binding: Binding, keys: EnvelopeKeys): string {
  const dataKey = unwrapped(box, binding, keys);
  const key = createSecretKey(dataKey);
  dataKey.fill(0);
  return decrypted(box.sealed, key, aadOf('text', binding), binding.id).toString('utf8');
}

/**
 * The same secret under the first of the keys; the secret itself is not opened.
 *
 * @throws SecretError `secret.keyUnknown`, `secret.corrupt`
 */
export function rewrap(box: SealedBox, binding: Binding, keys: EnvelopeKeys): SealedBox {
  const [envelope] = keys;
  const dataKey = unwrapped(box, binding, keys);
  const wrapped = encrypted(dataKey, envelope.key, aadOf('key', binding));
  dataKey.fill(0);
  return { ...box, keyId: envelope.id, wrapped };
}

function unwrapped({ keyId, wrapped }: SealedBox, binding: Binding, keys: EnvelopeKeys): Buffer {
  const envelope = keys.find(({ id }) => id === keyId);
  if (envelope === undefined) {
    throw new SecretError('secret.keyUnknown', `secret ${binding.id}, key ${keyId}`);
  }
  return decrypted(wrapped, envelope.key, aadOf('key', binding), binding.id);
}

/** The two uses of a cipher are told apart, and every field from its neighbour. */
function aadOf(use: 'key' | 'text', binding: Binding): Buffer {
  const { id, connection, kind, run, runbook, path, revealTo } = binding;
  const bound = { use, v: 1, id, connection, kind, run, runbook, path, revealTo };
  return Buffer.from(canonicalJson(bound), 'utf8');
}

function encrypted(plain: Uint8Array, key: KeyObject, aad: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypted(bytes: Uint8Array, key: KeyObject, aad: Uint8Array, id: string): Buffer {
  try {
    const end = bytes.byteLength - TAG_BYTES;
    if (end < NONCE_BYTES) throw new Error('too short');
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(aad);
    decipher.setAuthTag(bytes.subarray(end));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, end)), decipher.final()]);
  } catch {
    // What the library says helps nobody, and could say more than it should.
    throw new SecretError('secret.corrupt', `secret ${id}`);
  }
}
