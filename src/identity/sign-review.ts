import { CompactSign } from 'jose';
import type { ReviewClaims } from '../model/findings.ts';
import type { VoteKeys } from './keys.ts';

/** What a review says it is, so that it passes for no vote, and no vote for it. */
export const REVIEW_TYPE = 'muster-review+jwt';

/** Signs a review of a report: a compact JWS over its claims (EdDSA), by the key that signs votes. */
export async function signReview(keys: VoteKeys, claims: ReviewClaims): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'EdDSA', typ: REVIEW_TYPE, kid: keys.id })
    .sign(keys.privateKey);
}
