import type { VroUserSpec } from '../scenario/vro-spec.ts';
import { markedSecret } from '../secret-mark.ts';
import { counterOf, newSecret } from './totp.ts';

/** How long an MFA token is good. The real value is not documented. */
const MFA_TOKEN_S = 300;

export interface MfaToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** Logging in with a second factor: a password earns an MFA token, that and a one-time password earn the login. */
export interface Mfa {
  /** For a user whose password was right. */
  issue(user: VroUserSpec): MfaToken;
  /** The name of the user whose token and passcode these are; the token is spent then, and the passcode for good. */
  logIn(token: string, passcode: string): string | undefined;
  /** A secret for a user who has none yet: `unknown` token, or one that was `generated` before. */
  generate(token: string): Readonly<{ user: string; secret: string }> | 'unknown' | 'generated';
}

export function createMfa({ now }: { now: () => number }): Mfa {
  const tokens = new Map<string, { user: VroUserSpec; expiresAt: number }>();
  const secrets = new Map<string, string>();
  const lastUsed = new Map<string, number>();

  const userOf = (token: string): VroUserSpec | undefined => {
    const known = tokens.get(token);
    return known !== undefined && known.expiresAt > now() ? known.user : undefined;
  };
  const secretOf = ({ username, mfa }: VroUserSpec): string | undefined =>
    mfa?.secret ?? secrets.get(username);

  return {
    issue: (user) => {
      const token = markedSecret(48, 'base64url');
      tokens.set(token, { user, expiresAt: now() + MFA_TOKEN_S * 1000 });
      return { token, expiresInSeconds: MFA_TOKEN_S - 1 };
    },
    logIn: (token, passcode) => {
      const user = userOf(token);
      const secret = user && secretOf(user);
      if (user === undefined || secret === undefined) return undefined;
      const { username } = user;
      const counter = counterOf(secret, passcode, { now: now(), lastUsed: lastUsed.get(username) ?? 0 });
      if (counter === undefined) return undefined;
      lastUsed.set(username, counter);
      tokens.delete(token);
      return username;
    },
    generate: (token) => {
      const user = userOf(token);
      if (user === undefined) return 'unknown';
      if (secretOf(user) !== undefined) return 'generated';
      const secret = newSecret();
      secrets.set(user.username, secret);
      return { user: user.username, secret };
    },
  };
}
