import { createHash } from 'node:crypto';
import { canonicalJson, without } from '../model/json.ts';
import type { VoteClaims } from '../model/vote.ts';

/** What the server adds, and what of it is checked anew when the vote is counted. */
const NOT_SAID = ['id', 'iat', 'exp', 'roles', 'assurance'] as const;

/**
 * What a vote says, as a digest: the nonce of the login at the identity provider that proves it. Everything of the vote is in
 * it but when it was made and how it is named, so an ID token for one vote proves no other.
 */
export function voteDigest(claims: Omit<VoteClaims, 'id' | 'iat' | 'exp'>): string {
  const said = without(claims as VoteClaims, NOT_SAID);
  return createHash('sha256').update(canonicalJson(said)).digest('hex');
}
