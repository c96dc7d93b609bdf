import { calculateJwkThumbprint, decodeProtectedHeader, importJWK, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import { isSameHash, sha256Hex } from '../credentials.ts';
import { IdentityError } from '../identity-error.ts';
import type { ProviderKeys, PublicJwk } from './provider-keys.ts';
import type { OidcSettings } from './settings.ts';

/** Asymmetric ones only: with the others whoever can check could also sign. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Groups make tokens long; more than this is no token. */
const MAX_TOKEN_BYTES = 32 * 1024;
/** A provider goes on listing a key for at least this long after it signed with it. */
const KEY_LISTED_MS = 60 * 60_000;
/** The list of keys is a few minutes old at most when a key is used. */
const KEY_SLACK_MS = 10 * 60_000;

/** What an ID token says, proven. Times are milliseconds since 1970. */
export interface ProvenIdToken {
  readonly subject: string;
  readonly issuedAt: number;
  /** When the person signed in, where the provider says so. */
  readonly authTime?: number;
  readonly claims: Readonly<Record<string, unknown>>;
  /** `provider`: by a key that the provider lists now. `kept`: by one that it listed once; the provider was not asked, could not be, or has withdrawn it since. */
  readonly keyFrom: 'provider' | 'kept';
}

const header = z.object({
  alg: z.enum(ALGORITHMS),
  kid: z.string().min(1).max(200),
  // An access token or a logout token is signed with the same key and must not pass for an ID token.
  typ: z.string().regex(/^jwt$/i).exactOptional(),
});

/** The claims that are used here. Whoever signs well may still write nonsense. */
const said = z.looseObject({
  sub: z.string().min(1).max(255),
  iat: z.number(),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().exactOptional(),
  nonce: z.string(),
  auth_time: z.number().exactOptional(),
});

/**
 * Checks an ID token: algorithm, key, signature, issuer, audience, times, nonce.
 *
 * @param options.nonce what the login was begun with; for a vote the digest of what it says
 * @param options.now for which moment it must be valid, in milliseconds; default: this machine's time
 * @param options.keys `listed`: only a key that the provider lists now, for a login. `kept`: also one that it listed when
 *   the token was made, so that a proof can be checked when the provider has changed its keys, or is gone
 * @throws IdentityError `identity.badToken`, `identity.providerUnavailable`
 */
export async function verifyIdToken(
  token: string,
  {
    settings: { issuer, clientId, clockToleranceMs },
    providerKeys,
    nonce,
    now = Date.now(),
    keys,
  }: {
    readonly settings: Pick<OidcSettings, 'issuer' | 'clientId' | 'clockToleranceMs'>;
    readonly providerKeys: ProviderKeys;
    readonly nonce: string;
    readonly now?: number;
    readonly keys: 'listed' | 'kept';
  },
): Promise<ProvenIdToken> {
  const head = headerOf(token);
  const { jwk, keyFrom, kept } = await keyFor(providerKeys, head.kid, keys);
  if (jwk.alg !== undefined && jwk.alg !== head.alg) throw bad('its key is for another algorithm');
  const payload = await signedBy(token, jwk, head.alg, {
    issuer,
    audience: clientId,
    algorithms: [head.alg],
    clockTolerance: Math.ceil(clockToleranceMs / 1_000),
    currentDate: new Date(now),
    requiredClaims: ['exp', 'iat', 'sub', 'nonce'],
  });
  const read = said.safeParse(payload);
  if (!read.success) throw bad('a claim is none that an ID token may have');
  const { sub, iat, aud, azp, auth_time: authTime } = read.data;
  const issuedAt = iat * 1_000;
  if (issuedAt > now + clockToleranceMs) throw bad('it comes from the future');
  // A token for several audiences says whom it was issued to; only then it was meant for us.
  if (azp === undefined ? Array.isArray(aud) && aud.length > 1 : azp !== clientId) {
    throw bad('it was issued to somebody else');
  }
  if (!isSameHash(sha256Hex(read.data.nonce), sha256Hex(nonce))) {
    throw bad('it belongs to something else (nonce)');
  }
  if (kept !== undefined) assertKeyWasThere(issuedAt, kept, providerKeys.clock());
  return {
    subject: sub,
    issuedAt,
    ...(authTime !== undefined && { authTime: authTime * 1_000 }),
    claims: payload,
    keyFrom,
  };
}

function headerOf(token: string): z.output<typeof header> {
  try {
    if (token.length > MAX_TOKEN_BYTES) throw bad('it is too long');
    return header.parse(decodeProtectedHeader(token));
  } catch {
    throw bad('its header is none that an ID token may have');
  }
}

interface Key {
  readonly jwk: PublicJwk;
  readonly keyFrom: 'provider' | 'kept';
  /** With `kept`: when the provider listed it last, and whether it was asked again just now. */
  readonly kept?: { readonly lastSeenAt: number; readonly isWithdrawn: boolean };
}

async function keyFor(providerKeys: ProviderKeys, kid: string, from: 'listed' | 'kept'): Promise<Key> {
  const found = await providerKeys.kept(kid);
  const asked = await providerKeys.listed(kid).then(
    (jwk) => ({ jwk }),
    (error: unknown) => ({ error }),
  );
  if ('error' in asked) {
    if (from === 'listed' || found === undefined) throw asked.error;
    const { jwk, lastSeenAt } = found;
    return { jwk, keyFrom: 'kept', kept: { lastSeenAt, isWithdrawn: false } };
  }
  if (asked.jwk !== undefined) {
    // Under one id there is one key forever. Another one is a mistake of the provider, or a forgery here.
    if (found !== undefined && !(await isSameKey(found.jwk, asked.jwk))) {
      throw bad('the provider lists another key under this id than before');
    }
    return { jwk: asked.jwk, keyFrom: 'provider' };
  }
  if (from === 'listed' || found === undefined) throw bad('the provider lists no such key');
  const { jwk, lastSeenAt } = found;
  return { jwk, keyFrom: 'kept', kept: { lastSeenAt, isWithdrawn: true } };
}

/**
 * A key that the provider had withdrawn by then signs nothing. A key that somebody put among the kept ones is found out
 * while what it signed is fresh: the provider can be asked, and does not list it.
 */
function assertKeyWasThere(
  issuedAt: number,
  { lastSeenAt, isWithdrawn }: NonNullable<Key['kept']>,
  clock: number,
): void {
  if (issuedAt > lastSeenAt + KEY_SLACK_MS) {
    throw bad('its key was not listed by the provider when it was made');
  }
  if (isWithdrawn && clock - issuedAt < KEY_LISTED_MS) {
    throw bad('the provider does not list its key, though it would have used it just now');
  }
}

async function isSameKey(one: PublicJwk, other: PublicJwk): Promise<boolean> {
  return (await calculateJwkThumbprint(one)) === (await calculateJwkThumbprint(other));
}

async function signedBy(
  token: string,
  jwk: PublicJwk,
  algorithm: string,
  options: Parameters<typeof jwtVerify>[2],
): Promise<JWTPayload> {
  try {
    const key = await importJWK(jwk, algorithm);
    const { payload } = await jwtVerify(token, key, options);
    return payload;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw bad(`${REASONS[code] ?? 'its signature or its claims do not hold'} (${code})`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'it has expired',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'its signature is not by the key it names',
};

/** The token itself is quoted nowhere: whoever reads a log could use it. */
function bad(why: string): IdentityError {
  return new IdentityError('identity.badToken', `The ID token is not valid: ${why}. Sign in again.`);
}
