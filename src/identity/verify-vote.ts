import { createHash } from 'node:crypto';
import { compactVerify } from 'jose';
import type { Refusal, Verified } from '../model/vote.ts';
import type { PublicVoteKey } from './keys.ts';
import { VOTE_TYPE } from './sign-vote.ts';
import { MAX_VOTE_BYTES, voteClaims } from './vote-claims.ts';

/** What is kept of names that nobody vouches for. */
const MAX_CLAIMED_LENGTH = 64;

/**
 * Checks a vote that arrived: its size, its signature by one of the keys, its type, its shape and its age. It never
 * throws, whatever arrives. The names in a refusal as `malformed` or `badSignature` are claims of an unknown sender,
 * shortened and made printable: show them, but tell no vote from another by them.
 *
 * @param options.now milliseconds since 1970; default: this machine's time
 */
export async function verifyVote(
  keys: readonly PublicVoteKey[],
  jws: unknown,
  { now = Date.now() }: { readonly now?: number } = {},
): Promise<Verified> {
  if (typeof jws !== 'string' || jws.length > MAX_VOTE_BYTES) {
    return { ok: false, id: stampOf(typeof jws === 'string' ? jws : typeof jws), refusal: 'malformed' };
  }
  const parts = jws.split('.');
  const header = jsonOf(parts[0]);
  if (parts.length !== 3 || !('typ' in header) || header.typ !== VOTE_TYPE) return refused('malformed', jws);
  const signed = await payloadOf(keys, jws, 'kid' in header ? header.kid : undefined);
  if (signed === undefined) return refused('badSignature', jws);
  const read = voteClaims.safeParse(jsonOf(signed));
  if (!read.success) return refused('malformed', jws);
  if (read.data.exp * 1_000 <= now) return refused('expired', jws);
  return { ok: true, vote: { ...read.data, jws } };
}

/** The signed text, or undefined when no key of ours signed it. */
async function payloadOf(
  keys: readonly PublicVoteKey[],
  jws: string,
  kid: unknown,
): Promise<Uint8Array | undefined> {
  const key = keys.find(({ id }) => id === kid);
  if (key === undefined) return undefined;
  try {
    const { payload } = await compactVerify(jws, key.publicKey, { algorithms: ['EdDSA'] });
    return payload;
  } catch {
    return undefined;
  }
}

function refused(refusal: Refusal, jws: string): Verified {
  const claims = jsonOf(jws.split('.', 2)[1]);
  const id = 'id' in claims ? printable(claims.id) : undefined;
  const gate = 'gate' in claims ? printable(claims.gate) : undefined;
  const claimedPerson = 'person' in claims ? printable(claims.person) : undefined;
  return {
    ok: false,
    id: id ?? stampOf(jws),
    refusal,
    ...(gate !== undefined && { gate }),
    ...(claimedPerson !== undefined && { claimedPerson }),
  };
}

/** The JSON object in a part of a JWS (or in bytes that were verified); an empty one when it is none. */
function jsonOf(part: string | Uint8Array | undefined): object {
  try {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'base64url') : Buffer.from(part ?? []);
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Text without anything that a terminal obeys or that cannot be seen; undefined when nothing is left. */
function printable(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.slice(0, MAX_CLAIMED_LENGTH).replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '');
  return text.trim() === '' ? undefined : text;
}

/** A name for something that has none of its own. */
function stampOf(text: string): string {
  return `unread-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}
