import { CompactSign } from 'jose';
import { prettifyError } from 'zod';
import type { VoteClaims } from '../model/vote.ts';
import { IdentityError } from './identity-error.ts';
import type { VoteKeys } from './keys.ts';
import { MAX_VOTE_BYTES, voteClaims } from './vote-claims.ts';

/** What a vote says it is, so that no other signed text can pass for one. */
export const VOTE_TYPE = 'muster-vote+jwt';

/**
 * Signs a vote: a compact JWS over its claims (EdDSA).
 *
 * @throws IdentityError `identity.badVote` when the claims are incomplete or too long
 */
export async function signVote(keys: VoteKeys, claims: VoteClaims): Promise<string> {
  const read = voteClaims.safeParse(claims);
  if (!read.success) throw badVote(prettifyError(read.error));
  const jws = await new CompactSign(Buffer.from(JSON.stringify(read.data)))
    .setProtectedHeader({ alg: 'EdDSA', typ: VOTE_TYPE, kid: keys.id })
    .sign(keys.privateKey);
  if (jws.length > MAX_VOTE_BYTES) throw badVote('It is longer than a vote may be. Shorten the comment.');
  return jws;
}

function badVote(why: string): IdentityError {
  return new IdentityError('identity.badVote', `This cannot be signed as a vote. ${why}`);
}
