export { IdentityError, type IdentityCode } from './identity-error.ts';
export { openKeys, type PublicVoteKey, type VoteKeys } from './keys.ts';
export { createPeopleDirectory, type PeopleDirectory, type Person } from './people.ts';
export { signVote } from './sign-vote.ts';
export { verifyVote } from './verify-vote.ts';
export { MAX_COMMENT_LENGTH, newVoteId } from './vote-claims.ts';
