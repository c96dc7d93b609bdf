import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `mst`: an API token. `mss`: a session. The letters make them easy to find where they should not be. */
const PREFIXES = { token: 'mst', session: 'mss' } as const;
export type CredentialKind = keyof typeof PREFIXES;

const ID_BYTES = 9;
const SECRET_BYTES = 32;
const FORM = /^(mst|mss)_([A-Za-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

/** A credential as it was shown, taken apart. */
export interface ReadCredential {
  readonly kind: CredentialKind;
  readonly id: string;
  /** SHA-256 of the secret, in hex: what is kept. 256 random bits need no salt and no slow hash. */
  readonly secretHash: string;
}

/** A new credential: `text` is shown once and kept nowhere. */
export function newCredential(kind: CredentialKind): ReadCredential & { readonly text: string } {
  const id = newId();
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { kind, id, secretHash: sha256Hex(secret), text: `${PREFIXES[kind]}_${id}_${secret}` };
}

/** Takes apart what somebody sent; undefined when it has not the form of a credential. */
export function readCredential(text: string): ReadCredential | undefined {
  const [, prefix, id, secret] = FORM.exec(text) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  return { kind: prefix === 'mst' ? 'token' : 'session', id, secretHash: sha256Hex(secret) };
}

/** Compares two SHA-256 in hex in constant time. */
export function isSameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** SHA-256 in hex. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Letters and digits only, so that an id is one word everywhere. */
function newId(): string {
  for (;;) {
    const id = randomBytes(ID_BYTES).toString('base64url');
    if (!/[_-]/.test(id)) return id;
  }
}
