import type { Socket } from 'node:net';
import { Client, Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { ConnectFailure } from './connect-failure.ts';
import { createConnector } from './connector.ts';
import { VeeamError } from './errors.ts';
import type { CallSite } from './errors.ts';
import type { Settings } from './options.ts';
import type { Scope } from './scope.ts';
import type { Scrubber } from './scrubber.ts';
import { transportError } from './transport-error.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type HttpRequest = {
  readonly method: Method;
  /** Path and query, already encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
};

/** A complete answer of any status. */
export type HttpAnswer = {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly text: string;
};

/** An open connection that carries exactly one request. */
export interface Line {
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

/** HTTP to one server: limits, timeouts, no redirects, no repeats. Every failure is a VeeamError. */
export interface Transport {
  /** Sends over the shared pool of connections. */
  send(site: CallSite, scope: Scope, request: HttpRequest): Promise<HttpAnswer>;
  /** Opens a connection of its own, so that the caller can do something between connecting and sending. */
  open(site: CallSite, scope: Scope): Promise<Line>;
  close(): Promise<void>;
}

/** An idle connection is dropped early: firewalls between sites forget connections without telling. */
const KEEP_ALIVE_MS = 10_000;

export function createTransport(settings: Settings, scrubber: Scrubber): Transport {
  const { origin, timeouts, limits, clientName } = settings;
  const connector = createConnector(settings, scrubber);
  const common = {
    pipelining: 1,
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
    maxResponseSize: limits.bodyBytes,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  };
  const pool = new Pool(origin, {
    ...common,
    connections: limits.connections,
    connect: (_, callback) => {
      connector.open().then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(error instanceof Error ? error : new ConnectFailure(error), null),
      );
    },
  });

  let closed = false;
  const refuseWhenClosed = (site: CallSite) => {
    if (closed) throw new VeeamError('veeam.cancelled', site, { detail: 'the client is closed' });
  };

  async function exchange(
    dispatcher: Dispatcher,
    site: CallSite,
    scope: Scope,
    { method, path, headers, body }: HttpRequest,
  ): Promise<HttpAnswer> {
    try {
      const response = await dispatcher.request({
        method,
        path,
        headers: { accept: 'application/json', 'user-agent': clientName, ...headers },
        body: body ?? null,
        signal: scope.signal,
      });
      const status = response.statusCode;
      const ok = status >= 200 && status < 300;
      // The status of a refusal stands even when its text breaks off or is too large.
      const text = await response.body.text().catch((error: unknown) => {
        if (ok || scope.interruption() !== undefined) throw error;
        return '';
      });
      return { status, header: headerReader(response.headers), text };
    } catch (error) {
      throw transportError(error, { site, scope, scrubber });
    }
  }

  async function open(site: CallSite, scope: Scope): Promise<Line> {
    refuseWhenClosed(site);
    const socket = await connect(site, scope);
    let unused: Socket | undefined = socket;
    const client = new Client(origin, {
      ...common,
      // The socket is handed out once; a second connection under the same request is impossible.
      connect: (_, callback) => {
        const given = unused;
        unused = undefined;
        // Not at once: undici overlooks a connection that is there before it has finished asking for it.
        queueMicrotask(() => {
          if (given === undefined || given.destroyed) callback(new ConnectFailure(), null);
          else callback(null, given);
        });
      },
    });
    return {
      send: (request) => exchange(client, site, scope, request),
      close: () => {
        void client.destroy().catch(() => undefined);
        socket.destroy();
      },
    };
  }

  async function connect(site: CallSite, scope: Scope): Promise<Socket> {
    const connecting = connector.open();
    try {
      return await scope.race(connecting);
    } catch (error) {
      connecting.then(
        (late) => late.destroy(),
        () => undefined,
      );
      throw error instanceof VeeamError ? error : transportError(error, { site, scope, scrubber });
    }
  }

  return {
    send: async (site, scope, request) => {
      refuseWhenClosed(site);
      return exchange(pool, site, scope, request);
    },
    open,
    close: () => {
      closed = true;
      return pool.destroy();
    },
  };
}

function headerReader(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
}
