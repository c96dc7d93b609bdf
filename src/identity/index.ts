export { type Account, type Accounts, type PersonNow } from './accounts.ts';
export { assertHandsOver, type HandOvers, type Redeeming } from './hand-over.ts';
export { IDENTITY_CODES, IdentityError, type IdentityCode } from './identity-error.ts';
export { createIdentity, type Identity, type IdentityParts, type SignInWays } from './identity.ts';
export { openKeys, type PublicVoteKey, type VoteKeys } from './keys.ts';
export type { BegunLogin, CameBack, OidcDoor, ProvenPerson, VoteProof } from './oidc/oidc-door.ts';
export type { OidcSettings } from './oidc/settings.ts';
export type { PasswordLogin } from './password-login.ts';
export { hashPassword, MIN_PASSWORD_LENGTH } from './passwords.ts';
export {
  ACTIONS,
  APPROVER,
  assertMay,
  classOf,
  isAction,
  kindMay,
  mayDo,
  mayDoSomewhere,
  OWN_ROLES,
  PERMISSIONS,
  ROLE_CLASSES,
  tokenMay,
  type Action,
  type Concern,
  type OwnRole,
  type RoleClass,
} from './permissions.ts';
export type { SignedIn } from './sessions.ts';
export { codeOfGate, isSameCode, newCodeSalt, SPOKEN_SALT } from './spoken-code.ts';
export { personMay } from './person-may.ts';
export { signReview } from './sign-review.ts';
export { signVote } from './sign-vote.ts';
export type { ListedToken, MadeToken, NewToken, Tokens } from './tokens.ts';
export { newPasscodeSecret } from './totp.ts';
export { verifyVote } from './verify-vote.ts';
export { MAX_COMMENT_LENGTH, newVoteId } from './vote-claims.ts';
export { voteDigest } from './vote-digest.ts';
