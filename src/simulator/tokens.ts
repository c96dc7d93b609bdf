import type { Clock } from './clock.ts';
import { markedSecret } from './secret-mark.ts';

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
  /** The time that tokens expire by, in milliseconds since 1970. */
  now(): number;
  /** `refreshSeconds`: how long this session can be refreshed after its last pair; default as the server has it. */
  issue(holder: string, options?: { refreshSeconds?: number | undefined }): TokenPair;
  /** A new pair for a refresh token, which is spent by that; undefined when it is unknown, spent or expired. */
  refresh(token: string): TokenPair | undefined;
  bearerOf(authorization: string | undefined): Bearer;
  /** Ends the session an access token belongs to, its refresh token included. */
  revoke(access: string): void;
  /** Ends every session of a user or client. */
  revokeAll(holder: string): void;
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
  makeAccess = () => markedSecret(48, 'base64url'),
  makeRefresh = () => markedSecret(32, 'base64'),
}: {
  clock: Clock;
  accessSeconds: number;
  refreshSeconds: number;
  /** The text of a new access token. Default: 48 random bytes. */
  makeAccess?: ((holder: string, times: { issuedAt: number; expiresAt: number }) => string) | undefined;
  /** The text of a new refresh token. Default: 32 random bytes. */
  makeRefresh?: (() => string) | undefined;
}): Tokens {
  const sessions = new Map<string, Session>();
  const refreshable = new Map<string, { holder: string; expiresAt: number; seconds: number }>();

  const forgetOld = (now: number): void => {
    for (const [access, { expiresAt }] of sessions) {
      if (expiresAt + KEEP_EXPIRED_MS < now) sessions.delete(access);
    }
    for (const [token, { expiresAt }] of refreshable) if (expiresAt < now) refreshable.delete(token);
  };
  const issue: Tokens['issue'] = (holder, { refreshSeconds: seconds = refreshSeconds } = {}) => {
    const issuedAt = clock.now();
    forgetOld(issuedAt);
    const expiresAt = issuedAt + accessSeconds * 1000;
    const access = makeAccess(holder, { issuedAt, expiresAt });
    const refresh = makeRefresh();
    sessions.set(access, { holder, refresh, expiresAt });
    refreshable.set(refresh, { holder, expiresAt: issuedAt + seconds * 1000, seconds });
    return { access, refresh, issuedAt, expiresAt };
  };

  return {
    now: () => clock.now(),
    issue,
    refresh: (token) => {
      const known = refreshable.get(token);
      refreshable.delete(token);
      if (known === undefined || known.expiresAt <= clock.now()) return undefined;
      return issue(known.holder, { refreshSeconds: known.seconds });
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
    revokeAll: (holder) => {
      for (const [access, session] of sessions) if (session.holder === holder) sessions.delete(access);
      for (const [token, known] of refreshable) if (known.holder === holder) refreshable.delete(token);
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
