import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { createVbrClient, createVroClient } from '../../src/veeam/index.ts';
import type { VbrOptions, VroOptions } from '../../src/veeam/index.ts';

/** A request as it arrived. */
export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly form: URLSearchParams;
  /** `performance.now()` when it was complete. */
  readonly at: number;
};

/** What a server does with a request; `drop` breaks the connection, `hang` never answers. */
export type Answer =
  | 'drop'
  | 'hang'
  | {
      status?: number;
      headers?: Record<string, string>;
      json?: unknown;
      text?: string;
      /** Breaks the connection after `text`, before the promised length. */
      torn?: boolean;
    };

export type Handler = (seen: Seen) => Answer | Promise<Answer>;

/** What a server proves with who it is; with it the server speaks https. */
export type ServerTls = { readonly cert: string; readonly key: string };

/** A server on a free port that answers as told and remembers what it saw. Gone when the test is. */
export async function fakeServer(handler: Handler, tls?: ServerTls) {
  const seen: Seen[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    void readRequest(request).then(async (one) => {
      seen.push(one);
      play(await handler(one), response);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  let connections = 0;
  server.on(tls === undefined ? 'connection' : 'secureConnection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(stop);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop,
    /** How many connections were opened so far. */
    connections: () => connections,
    /** The requests whose path ends so. */
    to: (ending: string) => seen.filter(({ path }) => path.endsWith(ending)),
  };
}

/** A token endpoint that counts: `access-1`, `refresh-1`, `access-2` … Refresh tokens work once. */
export function tokenEndpoint({
  expiresIn = 900,
}: { expiresIn?: number | ((grant: number) => number) } = {}) {
  let grant = 0;
  let refreshable = '';
  const handler: Handler = ({ form }) => {
    const refresh = form.get('refresh_token');
    if (form.get('grant_type') === 'refresh_token' && refresh !== refreshable) {
      return { status: 400, json: { error: 'invalid_grant' } };
    }
    grant += 1;
    refreshable = `refresh-${grant}`;
    return {
      json: {
        access_token: `access-${grant}`,
        token_type: 'bearer',
        expires_in: typeof expiresIn === 'number' ? expiresIn : expiresIn(grant),
        refresh_token: refreshable,
      },
    };
  };
  return { handler, revokeRefreshToken: () => (refreshable = 'revoked') };
}

/** A server with a token endpoint; `api` answers everything else. */
export function fakeVeeam(api: Handler, token: Handler = tokenEndpoint().handler, tls?: ServerTls) {
  return fakeServer((seen) => (seen.path.endsWith('/token') ? token(seen) : api(seen)), tls);
}

/** A client with short pauses that is closed with the test. */
export function vroClient(url: string, options: Partial<VroOptions> = {}) {
  const client = createVroClient({
    connection: 'dr-site',
    url,
    credentials: { kind: 'password', username: 'dr\\muster', password: () => 'Password1' },
    limits: { backoffMs: 10 },
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

/** See {@link vroClient}. */
export function vbrClient(url: string, options: Partial<VbrOptions> = {}) {
  const client = createVbrClient({
    connection: 'dr-backup',
    url,
    credentials: { kind: 'password', username: 'dr\\muster', password: () => 'Password1' },
    limits: { backoffMs: 10 },
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

/** Matches any text with this part. */
export const containing = (part: string): unknown => expect.stringContaining(part);

/** The error a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => error,
  );
}

async function readRequest(request: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://fake');
  const body = Buffer.concat(chunks).toString();
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
    form: new URLSearchParams(body),
    at: performance.now(),
  };
}

function play(answer: Answer, response: ServerResponse): void {
  if (answer === 'hang') return;
  if (answer === 'drop') {
    response.destroy();
    return;
  }
  const {
    status = 200,
    headers = {},
    json,
    text = json === undefined ? '' : JSON.stringify(json),
    torn,
  } = answer;
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  if (torn === true) {
    response.writeHead(status, { ...type, ...headers, 'content-length': text.length + 100 });
    response.write(text, () => response.destroy());
    return;
  }
  response.writeHead(status, { ...type, ...headers });
  response.end(text);
}
