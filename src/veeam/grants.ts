import { answerError } from './answer-error.ts';
import { VeeamError } from './errors.ts';
import type { CallSite } from './errors.ts';
import type { Grant, Grants } from './oauth.ts';
import type { Credentials, Settings } from './options.ts';
import { checkBody, jsonOf } from './parse-answer.ts';
import { secondFactorAnswer, tokenAnswer } from './schemas/token.ts';
import { withScope } from './scope.ts';
import type { Scrubber } from './scrubber.ts';
import type { HttpAnswer, Transport } from './transport.ts';

/**
 * Login and refresh at a token endpoint, both form-encoded. Each request is sent once.
 * Throws veeam.unauthorized when the server refuses (OAuth says so with 400 as well as 401).
 */
export function createGrants({
  path,
  headers,
  credentials,
  settings,
  transport,
  scrubber,
}: {
  /** Of the token endpoint. */
  path: string;
  headers: Readonly<Record<string, string>>;
  credentials: Credentials;
  settings: Settings;
  transport: Transport;
  scrubber: Scrubber;
}): Grants {
  const site: CallSite = { connection: settings.connection, call: `POST ${path}`, changes: false };

  function ask(fields: () => Promise<Record<string, string>>): Promise<Grant> {
    return withScope({ site, totalMs: settings.timeouts.totalMs }, async (scope) => {
      const form = new URLSearchParams(await scope.race(fields())).toString();
      const askedAt = performance.now();
      const answer = await transport.send(site, scope, {
        method: 'POST',
        path,
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        body: form,
      });
      return grantOf(answer, askedAt);
    });
  }

  function grantOf(answer: HttpAnswer, askedAt: number): Grant {
    if (answer.status < 200 || answer.status > 299) {
      const refusal = answerError(answer, { site, scrubber, capMs: settings.limits.retryAfterMs });
      if (answer.status !== 400) throw refusal;
      throw new VeeamError('veeam.unauthorized', site, {
        status: 400,
        serverMessage: refusal.serverMessage,
      });
    }
    const body = jsonOf(answer, site);
    scrubber.learnFrom(body);
    if (secondFactorAnswer.safeParse(body).success) {
      throw new VeeamError('veeam.unauthorized', site, {
        detail: 'the account needs a second factor; use a client account (clientId and clientSecret)',
      });
    }
    const token = checkBody(body, tokenAnswer, { site, status: answer.status });
    return {
      accessToken: token.access_token,
      refreshToken: token.refresh_token ?? undefined,
      lifetimeMs: token.expires_in * 1_000,
      askedAt,
    };
  }

  return {
    login: () => ask(() => loginFields(credentials, scrubber)),
    refresh: (refreshToken) =>
      ask(async () => ({ grant_type: 'refresh_token', refresh_token: refreshToken })),
  };
}

async function loginFields(credentials: Credentials, scrubber: Scrubber): Promise<Record<string, string>> {
  switch (credentials.kind) {
    case 'password': {
      const password = await credentials.password();
      scrubber.learn(password);
      return { grant_type: 'password', username: credentials.username, password };
    }
    case 'client': {
      const secret = await credentials.clientSecret();
      scrubber.learn(secret);
      return { grant_type: 'client_credentials', client_id: credentials.clientId, client_secret: secret };
    }
  }
}
