import { answerError } from './answer-error.ts';
import { splitRoute } from './calls.ts';
import type {
  CallOptions,
  CommandCall,
  CommandOptions,
  FirstFactor,
  LogoutOptions,
  ReadCall,
  Reading,
  Route,
} from './calls.ts';
import { VeeamError } from './errors.ts';
import type { CallSite } from './errors.ts';
import { askFence, rethrowFence } from './fence.ts';
import type { BeforeSend } from './fence.ts';
import { gated } from './gate.ts';
import { createGrants } from './grants.ts';
import { createTokenManager } from './oauth.ts';
import type { Grants, Token, TokenManager } from './oauth.ts';
import type { Credentials, Settings, VbrCredentials } from './options.ts';
import { parseAnswer } from './parse-answer.ts';
import { fillPath } from './path.ts';
import { repeatAfterMs } from './retry.ts';
import { withScope } from './scope.ts';
import type { Scope } from './scope.ts';
import { createScrubber } from './scrubber.ts';
import type { Scrubber } from './scrubber.ts';
import { createTransport } from './transport.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';

/** Facts about the session that the client holds at a server. */
export type Session = {
  /** Of the access token, from its issue, in milliseconds. */
  readonly lifetimeMs: number;
  readonly hasRefreshToken: boolean;
  /** When the access token ends, by this machine's wall clock (milliseconds since 1970). */
  readonly expiresAt: number;
  /** The account's role, which only Veeam ONE says: `Admin`, `PowerUser`, `ReadonlyUser` … */
  readonly role?: string | undefined;
};

/** Authorized calls to one server: the token, one repeat after a 401, repeats of reads, and the fence. */
export interface Caller {
  /** A call that changes nothing; also a POST, where the vendor has one that only reads. */
  read<T>(call: ReadCall<T>, options?: CallOptions): Promise<T>;
  /** A call that changes the world: POST, PUT, PATCH or DELETE, with query, JSON body or form. */
  command<T>(call: CommandCall<T>, options?: CommandOptions): Promise<T>;
  /**
   * Ends the session of the current token, if there is one. Each product has its own way:
   * VRO `logout('DELETE /api/token', { absolute: true })`, VBR `logout('POST /api/oauth2/logout')`,
   * Veeam ONE `logout('POST /api/revoke', { absolute: true, form: (token) => ({ token }) })`.
   */
  logout(call: Route<'POST' | 'DELETE'>, options?: LogoutOptions): Promise<void>;
  /**
   * Logs in with user name and password alone, up to the second factor. The session of the connection stays as it is.
   * Throws veeam.badInput when the credentials are no password.
   */
  firstFactor(options?: CallOptions): Promise<FirstFactor>;
  /** The session that is open now; undefined before the first login and after a logout. */
  session(): Session | undefined;
  /** Learns secrets of request bodies, so that no echo of them gets into an error. */
  readonly scrubber: Scrubber;
  readonly limits: Settings['limits'];
  site(call: Route): CallSite;
  close(): Promise<void>;
}

export function createCaller({
  settings,
  credentials,
  root,
  tokenPath,
  headers = {},
  shortTermRefresh = false,
  unwrap = (body) => body,
}: {
  settings: Settings;
  credentials: Credentials | VbrCredentials;
  /** Path in front of every call, e.g. `/api/v7.21`. */
  root: string;
  tokenPath: string;
  /** Sent with every request, those for tokens included. */
  headers?: Readonly<Record<string, string>>;
  /** Asks for a refresh token of short life at each login (VBR's `use_short_term_refresh`). Default false. */
  shortTermRefresh?: boolean;
  /** Takes off what a product wraps around every JSON answer, before a schema reads it. Default: nothing. */
  unwrap?: (body: unknown) => unknown;
}): Caller {
  const scrubber = createScrubber();
  const transport: Transport = gated(createTransport(settings, scrubber), settings);
  const grants: Grants = createGrants({
    path: tokenPath,
    headers,
    credentials,
    shortTermRefresh,
    settings,
    transport,
    scrubber,
  });
  const tokens: TokenManager = createTokenManager(grants);
  const { limits, timeouts } = settings;

  const site = (call: Route): CallSite => ({
    connection: settings.connection,
    call,
    changes: !call.startsWith('GET '),
  });

  const requestOf = (route: Route, where: CallSite, { params, query, absolute, body, form }: Content) => {
    const { method, template } = splitRoute(route);
    // Filled at once: a bad id must not even cause a login.
    const path = (absolute === true ? '' : root) + fillPath(template, where, params, query);
    const content = contentOf({ body, form });
    return ({ accessToken }: Pick<FirstFactor, 'accessToken'>): HttpRequest => ({
      method,
      path,
      headers: {
        ...headers,
        ...content.headers,
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      },
      body: content.body,
    });
  };

  const read2xx = <T>(answer: HttpAnswer, { schema, result }: Reading<T>, where: CallSite): T =>
    schema === undefined ? result(answer, where) : parseAnswer(answer, schema, where, unwrap);

  /** A 2xx answer, after as many attempts as retry.ts allows. */
  async function accepted(
    { where, scope, as }: { where: CallSite; scope: Scope; as?: CommandCall<unknown>['as'] },
    send: (token: Pick<FirstFactor, 'accessToken'>) => Promise<HttpAnswer>,
  ): Promise<HttpAnswer> {
    let renewed = false;

    async function attempt(): Promise<HttpAnswer> {
      const answer = as === undefined ? await inSession() : await send(as);
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw answerError(answer, { site: where, scrubber, capMs: limits.retryAfterMs });
    }

    async function inSession(): Promise<HttpAnswer> {
      const token = await scope.race(tokens.get());
      const answer = await send(token);
      // The server refused the token before it did anything: the only answer after which any method is repeated.
      if (answer.status !== 401 || renewed) return answer;
      renewed = true;
      return send(await scope.race(tokens.renew(token)));
    }

    for (let number = 1; ; number += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof VeeamError)) throw error;
        const waitMs = repeatAfterMs({
          error,
          attempt: number,
          remainingMs: scope.remainingMs(),
          backoffMs: limits.backoffMs,
        });
        if (waitMs === undefined) throw error;
        await scope.sleep(waitMs);
      }
    }
  }

  async function read<T>(call: ReadCall<T>, { signal }: CallOptions = {}): Promise<T> {
    const where: CallSite = { ...site(call.call), changes: false };
    const request = requestOf(call.call, where, call);
    return withScope({ site: where, totalMs: timeouts.totalMs, signal }, async (scope) => {
      const answer = await accepted({ where, scope }, (token) =>
        transport.send(where, scope, request(token)),
      );
      return read2xx(answer, call, where);
    });
  }

  async function command<T>(call: CommandCall<T>, { signal, beforeSend }: CommandOptions = {}): Promise<T> {
    const where = site(call.call);
    const request = requestOf(call.call, where, call);
    return withScope({ site: where, totalMs: timeouts.totalMs, signal }, async (scope) => {
      const answer = await accepted({ where, scope, as: call.as }, (token) =>
        fenced({ where, scope, beforeSend }, request(token)),
      ).catch(rethrowFence);
      return read2xx(answer, call, where);
    });
  }

  /**
   * Sends a command over a connection of its own, opened before the fence. So the fence is the last thing before
   * the bytes: no handshake and no queue lies between, and no idle connection that the server is just closing
   * makes the outcome unclear.
   */
  async function fenced(
    { where, scope, beforeSend }: { where: CallSite; scope: Scope; beforeSend: BeforeSend | undefined },
    request: HttpRequest,
  ): Promise<HttpAnswer> {
    const line = await transport.open(where, scope);
    try {
      await scope.race(askFence(beforeSend));
      scope.check();
      return await line.send(request);
    } finally {
      line.close();
    }
  }

  async function logout(
    route: Route<'POST' | 'DELETE'>,
    { signal, absolute = false, form }: LogoutOptions = {},
  ): Promise<void> {
    const token = tokens.take();
    if (token === undefined) return;
    const where = site(route);
    const request = requestOf(route, where, { absolute, form: form?.(token.accessToken) })(token);
    const answer = await withScope({ site: where, totalMs: timeouts.totalMs, signal }, (scope) =>
      transport.send(where, scope, request),
    );
    // 401: the session is over already, which is what was wanted. A login only to log out would be absurd.
    if (answer.status === 401 || (answer.status >= 200 && answer.status < 300)) return;
    throw answerError(answer, { site: where, scrubber, capMs: limits.retryAfterMs });
  }

  return {
    read,
    command,
    logout,
    firstFactor: (options = {}) => grants.firstFactor(options),
    session: () => sessionOf(tokens.peek()),
    scrubber,
    limits,
    site,
    close: () => transport.close(),
  };
}

type Content = Pick<ReadCall<unknown>, 'params' | 'query' | 'absolute' | 'body' | 'form'>;

function contentOf({ body, form }: Content): Pick<HttpRequest, 'headers' | 'body'> {
  if (form !== undefined) {
    const fields = Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    };
  }
  if (body === undefined) return { headers: {} };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function sessionOf(token: Token | undefined): Session | undefined {
  if (token === undefined) return undefined;
  return {
    lifetimeMs: token.lifetimeMs,
    hasRefreshToken: token.refreshToken !== undefined,
    expiresAt: Math.round(Date.now() + token.expiresAt - performance.now()),
    ...(token.role === undefined ? {} : { role: token.role }),
  };
}
