import { answerError } from './answer-error.ts';
import { splitRoute } from './calls.ts';
import type { CallOptions, CommandCall, CommandOptions, ReadCall, Route } from './calls.ts';
import { VeeamError } from './errors.ts';
import type { CallSite } from './errors.ts';
import { askFence, rethrowFence } from './fence.ts';
import type { BeforeSend } from './fence.ts';
import { createGrants } from './grants.ts';
import { createTokenManager } from './oauth.ts';
import type { Token, TokenManager } from './oauth.ts';
import type { Credentials, Settings } from './options.ts';
import { parseAnswer } from './parse-answer.ts';
import { fillPath } from './path.ts';
import type { Params, Query } from './path.ts';
import { repeatAfterMs } from './retry.ts';
import { withScope } from './scope.ts';
import type { Scope } from './scope.ts';
import { createScrubber } from './scrubber.ts';
import type { Scrubber } from './scrubber.ts';
import { createTransport } from './transport.ts';
import type { HttpAnswer, HttpRequest, Method, Transport } from './transport.ts';

/** Authorized calls to one server: the token, one repeat after a 401, repeats of reads, and the fence. */
export interface Caller {
  read<T>(call: ReadCall<T>, options?: CallOptions): Promise<T>;
  command<T>(call: CommandCall<T>, options?: CommandOptions): Promise<T>;
  /** Ends the session of the current token with `call`, if there is one. */
  logout(call: Route<'POST' | 'DELETE'>, options?: CallOptions): Promise<void>;
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
}: {
  settings: Settings;
  credentials: Credentials;
  /** Path in front of every call, e.g. `/api/v7.21`. */
  root: string;
  tokenPath: string;
  /** Sent with every request, those for tokens included. */
  headers?: Readonly<Record<string, string>>;
}): Caller {
  const scrubber = createScrubber();
  const transport: Transport = createTransport(settings, scrubber);
  const tokens: TokenManager = createTokenManager(
    createGrants({ path: tokenPath, headers, credentials, settings, transport, scrubber }),
  );
  const { limits, timeouts } = settings;

  const site = (call: Route): CallSite => ({
    connection: settings.connection,
    call,
    changes: !call.startsWith('GET '),
  });

  const requestOf = (
    route: Route,
    where: CallSite,
    rest: { params?: Params; query?: Query; body?: object },
  ) => {
    const { method, template } = splitRoute(route);
    // Filled at once: a bad id must not even cause a login.
    const path = root + fillPath(template, where, rest.params, rest.query);
    return (token: Token): HttpRequest => ({
      method,
      path,
      headers: {
        ...headers,
        authorization: `Bearer ${token.accessToken}`,
        ...(rest.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: rest.body === undefined ? undefined : JSON.stringify(rest.body),
    });
  };

  /** A 2xx answer, after as many attempts as retry.ts allows. */
  async function accepted(
    { where, method, scope }: { where: CallSite; method: Method; scope: Scope },
    send: (token: Token) => Promise<HttpAnswer>,
  ): Promise<HttpAnswer> {
    let renewed = false;

    async function attempt(): Promise<HttpAnswer> {
      const token = await scope.race(tokens.get());
      let answer = await send(token);
      // The server refused the token before it did anything: the only answer after which any method is repeated.
      if (answer.status === 401 && !renewed) {
        renewed = true;
        answer = await send(await scope.race(tokens.renew(token)));
      }
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw answerError(answer, { site: where, scrubber, capMs: limits.retryAfterMs });
    }

    for (let number = 1; ; number += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof VeeamError)) throw error;
        const remainingMs = scope.remainingMs();
        const waitMs = repeatAfterMs({
          method,
          error,
          attempt: number,
          remainingMs,
          backoffMs: limits.backoffMs,
        });
        if (waitMs === undefined) throw error;
        await scope.sleep(waitMs);
      }
    }
  }

  async function read<T>(
    { call: route, schema, ...rest }: ReadCall<T>,
    { signal }: CallOptions = {},
  ): Promise<T> {
    const where = site(route);
    const request = requestOf(route, where, rest);
    return withScope({ site: where, totalMs: timeouts.totalMs, signal }, async (scope) => {
      const answer = await accepted({ where, method: 'GET', scope }, (token) =>
        transport.send(where, scope, request(token)),
      );
      return parseAnswer(answer, schema, where);
    });
  }

  async function command<T>(
    { call: route, result, params = {}, body }: CommandCall<T>,
    { signal, beforeSend }: CommandOptions = {},
  ): Promise<T> {
    const where = site(route);
    const { method } = splitRoute(route);
    const request = requestOf(route, where, body === undefined ? { params } : { params, body });
    return withScope({ site: where, totalMs: timeouts.totalMs, signal }, async (scope) => {
      const answer = await accepted({ where, method, scope }, (token) =>
        fenced({ where, scope, beforeSend }, request(token)),
      ).catch(rethrowFence);
      return result(answer, where);
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

  async function logout(route: Route<'POST' | 'DELETE'>, { signal }: CallOptions = {}): Promise<void> {
    const token = tokens.take();
    if (token === undefined) return;
    const where = site(route);
    const request = requestOf(route, where, {})(token);
    const answer = await withScope({ site: where, totalMs: timeouts.totalMs, signal }, (scope) =>
      transport.send(where, scope, request),
    );
    // 401: the session is over already, which is what was wanted. A login only to log out would be absurd.
    if (answer.status === 401 || (answer.status >= 200 && answer.status < 300)) return;
    throw answerError(answer, { site: where, scrubber, capMs: limits.retryAfterMs });
  }

  return { read, command, logout, scrubber, limits, site, close: () => transport.close() };
}
