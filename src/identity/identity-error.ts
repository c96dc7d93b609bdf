/** What can go wrong with keys and with making a vote. Stable: callers and tests read the code. */
export type IdentityCode =
  /** The key folder cannot be read or written. */
  | 'identity.keysUnavailable'
  /** The key file is there and holds no usable key. */
  | 'identity.keysCorrupt'
  /** The claims are no vote: a name is missing, or something is longer than allowed. */
  | 'identity.badVote';

/** Everything identity throws. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  readonly code: IdentityCode;

  constructor(code: IdentityCode, message: string, { cause }: { cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
  }
}
