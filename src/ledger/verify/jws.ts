import { constants, createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../../model/json.ts';
import { fromJson, fromUtf8 } from '../bytes.ts';

/** A compact JWS, taken apart. Nobody has checked it. */
export interface Jws {
  readonly header: { readonly alg: string; readonly kid: string; readonly typ?: string };
  readonly payload: unknown;
  readonly signed: string;
  readonly signature: Uint8Array;
}

/** Of the hash and of the key; what is not here is not believed (`none`, and everything with a shared secret). */
const ALGORITHMS: Readonly<
  Record<
    string,
    { readonly hash: string | null; readonly key: string; readonly pss?: true; readonly curve?: string }
  >
> = {
  EdDSA: { hash: null, key: 'ed25519' },
  Ed25519: { hash: null, key: 'ed25519' },
  RS256: { hash: 'sha256', key: 'rsa' },
  RS384: { hash: 'sha384', key: 'rsa' },
  RS512: { hash: 'sha512', key: 'rsa' },
  PS256: { hash: 'sha256', key: 'rsa', pss: true },
  PS384: { hash: 'sha384', key: 'rsa', pss: true },
  PS512: { hash: 'sha512', key: 'rsa', pss: true },
  ES256: { hash: 'sha256', key: 'ec', curve: 'prime256v1' },
  ES384: { hash: 'sha384', key: 'ec', curve: 'secp384r1' },
  ES512: { hash: 'sha512', key: 'ec', curve: 'secp521r1' },
};

/** Reads a compact JWS in the one form that its bytes have; undefined when it is none. */
export function parseJws(text: string): Jws | undefined {
  const [head = '', body = '', end = '', ...more] = text.split('.');
  const [headBytes, bodyBytes, signature] = [head, body, end].map(fromBase64url);
  if (more.length > 0 || headBytes === undefined || bodyBytes === undefined || signature === undefined) {
    return undefined;
  }
  const header = objectIn(headBytes);
  const payload = objectIn(bodyBytes);
  // A header that must be understood (`crit`) is not.
  if (header === undefined || payload === undefined || 'crit' in header) return undefined;
  const { alg, kid, typ } = header as { readonly [name: string]: unknown };
  if (typeof alg !== 'string' || typeof kid !== 'string') return undefined;
  if (typ !== undefined && typeof typ !== 'string') return undefined;
  return {
    header: { alg, kid, ...(typ === undefined ? {} : { typ }) },
    payload,
    signed: `${head}.${body}`,
    signature,
  };
}

/** Whether a JWS is signed by this key, with an algorithm that is one for such a key. */
export function isSignedBy({ header, signed, signature }: Jws, key: KeyObject): boolean {
  const algorithm = ALGORITHMS[header.alg];
  if (algorithm === undefined || key.asymmetricKeyType !== algorithm.key) return false;
  if (algorithm.curve !== undefined && key.asymmetricKeyDetails?.namedCurve !== algorithm.curve) return false;
  try {
    return verify(
      algorithm.hash,
      Buffer.from(signed),
      {
        key,
        dsaEncoding: 'ieee-p1363',
        ...(algorithm.pss === undefined
          ? {}
          : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
      },
      signature,
    );
  } catch {
    return false;
  }
}

/** The public key in a JWK; undefined when it is none. */
export function keyOfJwk(jwk: JsonObject): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function fromBase64url(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function objectIn(bytes: Uint8Array): object | undefined {
  const value = fromJson(fromUtf8(bytes) ?? '');
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
