import { answerError } from './answer-error.ts';
import type { CallOptions, FirstFactor } from './calls.ts';
import { VeeamError } from './errors.ts';
import type { CallSite } from './errors.ts';
import type { Grant, Grants } from './oauth.ts';
import type { Credentials, Settings, VbrCredentials } from './options.ts';
import { checkBody, jsonOf } from './parse-answer.ts';
import { firstFactorAnswer, secondFactorAnswer, secondFactorForm, tokenAnswer } from './schemas/token.ts';
import { withScope } from './scope.ts';
import type { Scope } from './scope.ts';
import type { Scrubber } from './scrubber.ts';
import { createPasscodes } from './passcodes.ts';
import type { Transport } from './transport.ts';

/** What is sent to a token endpoint. */
type Fields = Readonly<Record<string, string>>;

/**
 * Login and refresh at a token endpoint, both form-encoded. Each request is sent once.
 * Throws veeam.unauthorized when the server refuses (OAuth says so with 400 as well as 401).
 */
export function createGrants({
  path,
  headers,
  credentials,
  shortTermRefresh,
  settings,
  transport,
  scrubber,
}: {
  /** Of the token endpoint. */
  path: string;
  headers: Readonly<Record<string, string>>;
  credentials: Credentials | VbrCredentials;
  shortTermRefresh: boolean;
  settings: Settings;
  transport: Transport;
  scrubber: Scrubber;
}): Grants {
  const site: CallSite = { connection: settings.connection, call: `POST ${path}`, changes: false };
  const totp = credentials.kind === 'password' ? credentials.totp : undefined;
  const passcodes = totp === undefined ? undefined : createPasscodes({ secret: totp, site, scrubber });

  const scoped = <T>(work: (scope: Scope) => Promise<T>, { signal }: CallOptions = {}): Promise<T> =>
    withScope({ site, totalMs: settings.timeouts.totalMs, signal }, work);

  /** One request; `detail` says more about a refusal. */
  async function ask(
    fields: Fields,
    scope: Scope,
    detail?: string,
  ): Promise<{ body: unknown; askedAt: number }> {
    const askedAt = performance.now();
    const answer = await transport.send(site, scope, {
      method: 'POST',
      path,
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
    const { status } = answer;
    if (status < 200 || status > 299) {
      const refusal = answerError(answer, { site, scrubber, capMs: settings.limits.retryAfterMs });
      if (refusal.code === 'veeam.version' || (status !== 400 && status !== 401)) throw refusal;
      throw new VeeamError('veeam.unauthorized', site, {
        status,
        detail,
        serverMessage: refusal.serverMessage,
      });
    }
    const body = jsonOf(answer, site);
    scrubber.learnFrom(body);
    return { body, askedAt };
  }

  function grantOf({ body, askedAt }: { body: unknown; askedAt: number }): Grant {
    const token = checkBody(body, tokenAnswer, { site, status: 200 });
    return {
      accessToken: token.access_token,
      refreshToken: token.refresh_token ?? undefined,
      lifetimeMs: token.expires_in * 1_000,
      askedAt,
      role: token.user_role ?? undefined,
    };
  }

  async function login(scope: Scope): Promise<Grant> {
    const fields = await scope.race(loginFields(credentials, scrubber));
    const first = await ask(shortTermRefresh ? { ...fields, use_short_term_refresh: 'true' } : fields, scope);
    const asked = secondFactorAnswer.safeParse(first.body);
    if (!asked.success) return grantOf(first);
    if (passcodes !== undefined) {
      const passcode = await passcodes.next(scope);
      return grantOf(
        await ask(secondFactorForm(asked.data.mfa_token, passcode), scope, SECOND_FACTOR_REFUSED),
      );
    }
    if (Boolean(asked.data.access_token)) return grantOf(first);
    throw new VeeamError('veeam.unauthorized', site, {
      detail: 'the account has a second factor',
      now: SECOND_FACTOR_ADVICE,
    });
  }

  async function firstFactor(scope: Scope): Promise<FirstFactor> {
    if (credentials.kind !== 'password') {
      const detail = 'only an account with a password has a second factor';
      throw new VeeamError('veeam.badInput', site, { detail });
    }
    const { body } = await ask(await scope.race(loginFields(credentials, scrubber)), scope);
    const { access_token, mfa_token } = checkBody(body, firstFactorAnswer, { site, status: 200 });
    return { accessToken: access_token ?? undefined, mfaToken: mfa_token ?? undefined };
  }

  return {
    login: () => scoped(login),
    firstFactor: (options) => scoped(firstFactor, options),
    refresh: (refreshToken) =>
      scoped(async (scope) =>
        grantOf(await ask({ grant_type: 'refresh_token', refresh_token: refreshToken }, scope)),
      ),
  };
}

const SECOND_FACTOR_REFUSED =
  'the passcode of the second factor was not accepted; check the configured totp secret and the clock of this machine';

const SECOND_FACTOR_ADVICE =
  'Configure the secret of its authenticator (totp) for this connection, or use a client account (clientId and clientSecret).';

/** The values of `grant_type` are written in lower case: VBR up to 1.2 takes no other. */
async function loginFields(credentials: Credentials | VbrCredentials, scrubber: Scrubber): Promise<Fields> {
  const known = (secret: string): string => {
    scrubber.learn(secret);
    return secret;
  };
  switch (credentials.kind) {
    case 'password': {
      const { username, password } = credentials;
      return { grant_type: 'password', username, password: known(await password()) };
    }
    case 'client': {
      const { clientId, clientSecret } = credentials;
      return {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: known(await clientSecret()),
      };
    }
    case 'authorizationCode':
      return { grant_type: 'authorization_code', code: known(await credentials.code()) };
    case 'vbrToken':
      return { grant_type: 'vbr_token', vbr_token: known(await credentials.token()) };
  }
}
