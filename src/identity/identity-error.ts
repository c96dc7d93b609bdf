/** What can go wrong with keys, with votes, and with knowing people. Stable: callers and tests read the code. */
export const IDENTITY_CODES = {
  'identity.keysUnavailable': 'The key folder cannot be read or written.',
  'identity.keysCorrupt': 'The key file is there and holds no usable key.',
  'identity.badVote': 'The claims are no vote: a name is missing, or something is longer than allowed.',
  'identity.notAllowed': 'The person is known and may not do this.',
  'identity.notSignedIn':
    'Nobody is signed in by this: it is unknown, ended, too old, or its owner was revoked.',
  'identity.notTrusted': 'This stack does not believe a name alone; sign in.',
  'identity.unknownPerson': 'There is no such person.',
  'identity.wrongCredentials': 'Name, password or passcode is wrong.',
  'identity.throttled': 'There were too many failed sign-ins; wait, or use the second factor.',
  'identity.busy': 'Too many people sign in at this moment; try again.',
  'identity.noRole': 'The identity provider vouches for the person, whose groups give no role here.',
  'identity.badRequest': 'What was asked for cannot be: a field is missing, too long or out of range.',
  'identity.loginUnknown': 'This login was not begun here, has been used, or took too long.',
  'identity.wrongVerifier': 'Another program has begun the sign-in than the one that ends it.',
  'identity.otherPerson': 'Somebody else has signed in than the one who is voting.',
  'identity.notFresh': 'The identity provider did not ask the person again.',
  'identity.badToken': 'The ID token is not valid.',
  'identity.providerUnavailable': 'The identity provider cannot be reached, or answers nonsense.',
  'identity.loginRefused': 'The identity provider refused the login.',
  'identity.noProvider': 'No identity provider is configured.',
} as const;

export type IdentityCode = keyof typeof IDENTITY_CODES;

/** Everything identity throws. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  readonly code: IdentityCode;
  /** With `identity.throttled`: how long to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: IdentityCode,
    message: string,
    { cause, retryAfterMs }: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
