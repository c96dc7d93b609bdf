import { randomBytes } from 'node:crypto';

/** How long a code can be used: the documents do not say, so this is a guess. */
const LIFETIME_MS = 60_000;

/** Codes that stand for a user for a moment, so that a second client can log in without the password. */
export interface AuthorizationCodes {
  issue(holder: string): string;
  /** Whom a code stands for; each works once. Undefined when it is unknown, used or too old. */
  redeem(code: string): string | undefined;
}

export function createAuthorizationCodes({ now }: { now: () => number }): AuthorizationCodes {
  const codes = new Map<string, { holder: string; expiresAt: number }>();
  return {
    issue: (holder) => {
      const code = randomBytes(48).toString('base64');
      codes.set(code, { holder, expiresAt: now() + LIFETIME_MS });
      return code;
    },
    redeem: (code) => {
      const known = codes.get(code);
      codes.delete(code);
      return known === undefined || known.expiresAt <= now() ? undefined : known.holder;
    },
  };
}
