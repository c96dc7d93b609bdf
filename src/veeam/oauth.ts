import type { CallOptions, FirstFactor } from './calls.ts';
import { VeeamError } from './errors.ts';
import type { VeeamErrorCode } from './errors.ts';

/** What a login or a refresh brings. */
export type Grant = {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** From the moment the request was sent. */
  readonly lifetimeMs: number;
  /** `performance.now()` when the request was sent. */
  readonly askedAt: number;
  /** What the account may do, where the server says it with the token. */
  readonly role?: string | undefined;
};

/** The two ways to a new access token. */
export interface Grants {
  login(): Promise<Grant>;
  refresh(refreshToken: string): Promise<Grant>;
  /** See `Caller.firstFactor`. */
  firstFactor(options: CallOptions): Promise<FirstFactor>;
}

export type Token = Grant & {
  /** From here on the token is renewed before it is used. */
  readonly refreshAt: number;
  readonly expiresAt: number;
};

/** Keeps the one access token of a connection. */
export interface TokenManager {
  /** A token that is good for at least some seconds. */
  get(): Promise<Token>;
  /** A token other than `stale`, which the server refused. */
  renew(stale: Token): Promise<Token>;
  /** Hands the token over and forgets it, for a logout. */
  take(): Token | undefined;
  /** The token as it is now, if there is one. */
  peek(): Token | undefined;
}

/** Tokens are renewed one minute early, or at 80% of their life when that is short. */
const MAX_EARLY_MS = 60_000;
const EARLY_SHARE = 0.2;

/**
 * Failures of a refresh that say nothing about the refresh token: it is kept and the failure passed on.
 * After any other the token counts as dead (it may be used only once), and a login follows.
 */
const REFRESH_TOKEN_SURVIVES: ReadonlySet<VeeamErrorCode> = new Set([
  'veeam.unreachable',
  'veeam.tls',
  'veeam.proxy',
  'veeam.circuitOpen',
  'veeam.timeout',
  'veeam.throttled',
  'veeam.cancelled',
]);

/** Failures of an early renewal that make using the old token pointless: the server knows us no more. */
const REFUSALS: ReadonlySet<VeeamErrorCode> = new Set(['veeam.unauthorized', 'veeam.forbidden']);

/** `now` is a monotonic clock in milliseconds: setting the wall clock must not revive a token. */
export function createTokenManager(
  grants: Pick<Grants, 'login' | 'refresh'>,
  now: () => number = () => performance.now(),
): TokenManager {
  let held: Token | undefined;
  let flight: Promise<Token> | undefined;

  /** One renewal at a time, shared by everyone who asks meanwhile. Belongs to no caller, so none can abort it. */
  function renewal(): Promise<Token> {
    flight ??= obtain(grants, held?.refreshToken)
      .then((grant) => (held = tokenOf(grant)))
      .finally(() => (flight = undefined));
    return flight;
  }

  async function get(): Promise<Token> {
    const current = held;
    if (current !== undefined && now() < current.refreshAt) return current;
    try {
      return await renewal();
    } catch (error) {
      // An early renewal failed, but the old token still has time to live.
      const refused = !(error instanceof VeeamError) || REFUSALS.has(error.code);
      if (current === held && current !== undefined && now() < current.expiresAt && !refused) return current;
      throw error;
    }
  }

  async function renew(stale: Token): Promise<Token> {
    // Someone was faster: the refused token is already replaced, renewing again would burn the new one.
    if (held !== undefined && held.accessToken !== stale.accessToken) return get();
    return renewal();
  }

  function take(): Token | undefined {
    const token = held;
    held = undefined;
    return token;
  }

  return { get, renew, take, peek: () => held };
}

async function obtain(
  grants: Pick<Grants, 'login' | 'refresh'>,
  refreshToken: string | undefined,
): Promise<Grant> {
  if (refreshToken === undefined) return grants.login();
  try {
    return await grants.refresh(refreshToken);
  } catch (error) {
    if (!(error instanceof VeeamError) || REFRESH_TOKEN_SURVIVES.has(error.code)) throw error;
    return grants.login();
  }
}

function tokenOf(grant: Grant): Token {
  const early = Math.min(MAX_EARLY_MS, grant.lifetimeMs * EARLY_SHARE);
  const expiresAt = grant.askedAt + grant.lifetimeMs;
  return { ...grant, expiresAt, refreshAt: expiresAt - early };
}
