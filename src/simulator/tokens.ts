import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

export interface TokenPair {
  readonly access: string;
  readonly refresh: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Who an `Authorization` header speaks for, or why it speaks for nobody. */
export type Bearer =
  | Readonly<{ kind: 'valid'; holder: string; access: string }>
  | Readonly<{ kind: 'missing' | 'unknown' | 'expired' }>;

/** The access and refresh tokens of one server. */
export interface Tokens {
  issue(holder: string): TokenPair;
  /** A new pair for a refresh token, which is spent by that; undefined when it is unknown, spent or expired. */
  refresh(token: string): TokenPair | undefined;
  bearerOf(authorization: string | undefined): Bearer;
  /** Ends the session an access token belongs to, its refresh token included. */
  revoke(access: string): void;
  /** All access tokens expire now; refresh tokens stay good. */
  expireAll(): void;
}

/** Expired tokens are kept this long, so that they are answered as expired rather than unknown. */
const KEEP_EXPIRED_MS = 3_600_000;

interface Session {
  readonly holder: string;
  readonly refresh: string;
  expiresAt: number;
}

export function createTokens({
  clock,
  accessSeconds,
  refreshSeconds,
}: {
  clock: Clock;
  accessSeconds: number;
  refreshSeconds: number;
}): Tokens {
  const sessions = new Map<string, Session>();
  const refreshable = new Map<string, { holder: string; expiresAt: number }>();

  const forgetOld = (now: number): void => {
    for (const [access, { expiresAt }] of sessions) {
      if (expiresAt + KEEP_EXPIRED_MS < now) sessions.delete(access);
    }
    for (const [token, { expiresAt }] of refreshable) if (expiresAt < now) refreshable.delete(token);
  };
  const issue = (holder: string): TokenPair => {
    const issuedAt = clock.now();
    forgetOld(issuedAt);
    const access = randomBytes(48).toString('base64url');
    const refresh = randomBytes(32).toString('base64');
    const expiresAt = issuedAt + accessSeconds * 1000;
    sessions.set(access, { holder, refresh, expiresAt });
    refreshable.set(refresh, { holder, expiresAt: issuedAt + refreshSeconds * 1000 });
    return { access, refresh, issuedAt, expiresAt };
  };

  return {
    issue,
    refresh: (token) => {
      const known = refreshable.get(token);
      refreshable.delete(token);
      return known === undefined || known.expiresAt <= clock.now() ? undefined : issue(known.holder);
    },
    bearerOf: (authorization) => {
      const access = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      if (access === undefined) return { kind: 'missing' };
      const session = sessions.get(access);
      if (session === undefined) return { kind: 'unknown' };
      if (session.expiresAt <= clock.now()) return { kind: 'expired' };
      return { kind: 'valid', holder: session.holder, access };
    },
    revoke: (access) => {
      const session = sessions.get(access);
      if (session !== undefined) refreshable.delete(session.refresh);
      sessions.delete(access);
    },
    expireAll: () => {
      const now = clock.now();
      for (const session of sessions.values()) session.expiresAt = Math.min(session.expiresAt, now);
    },
  };
}

/** Whether these are the account's credentials: the password exactly, the name in any case and with any domain. */
export function isAccount(
  account: { username: string; password: string },
  username: string,
  password: string,
): boolean {
  const name = username.slice(username.lastIndexOf('\\') + 1);
  return name.toLowerCase() === account.username.toLowerCase() && password === account.password;
}
