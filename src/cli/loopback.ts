import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliError } from './cli-error.ts';

const HOST = '127.0.0.1';
const CODE = /^[\w-]{20,200}$/;

/** A listener on this machine that a browser brings a code to. */
export interface Loopback {
  readonly port: number;
  /** The code. @throws CliError `cli.loginRefused` when the person has said no */
  readonly code: Promise<string>;
  close(): void;
}

/**
 * Listens for the browser (RFC 8252). Any page can make a browser come here: what does not know `state` is told so, and the
 * waiting goes on.
 */
export async function listenForCode(state: string): Promise<Loopback> {
  const server = createServer();
  server.listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const code = new Promise<string>((resolve, reject) => {
    server.on('request', (request, response) => {
      const came = cameWith(request, { state, host: `${HOST}:${port}` });
      answer(response, came);
      // Not before the browser has its answer: closing would cut it off.
      response.once('close', () => {
        if (came.code !== undefined) resolve(came.code);
        if (came.isRefused === true) reject(refused());
      });
    });
  });
  return {
    port,
    code,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Came {
  readonly status: number;
  readonly says: string;
  readonly code?: string;
  readonly isRefused?: true;
}

function cameWith(
  { method, url = '/', headers }: IncomingMessage,
  { state, host }: { readonly state: string; readonly host: string },
): Came {
  const [path = '', query = ''] = url.split('?', 2);
  if (method !== 'GET' || path !== '/' || headers.host !== host) {
    return { status: 404, says: 'There is nothing here.' };
  }
  const given = new URLSearchParams(query);
  if (!isSame(given.get('state') ?? '', state)) {
    const says =
      'cli.wrongState: this sign-in was not begun by the muster that waits here. Open the address that it has printed.';
    return { status: 400, says };
  }
  if (given.has('error')) {
    return {
      status: 200,
      says: 'You have said no. Nobody is signed in on the command line.',
      isRefused: true,
    };
  }
  const code = given.get('code') ?? '';
  if (!CODE.test(code)) {
    return { status: 400, says: 'cli.wrongCode: the server has sent no code. Begin anew.' };
  }
  return { status: 200, says: 'muster goes on in the terminal. You can close this page.', code };
}

/** Plain text, and nothing of what came. */
function answer(response: ServerResponse, { status, says }: Came): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(`${says}\n`);
}

function isSame(one: string, other: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

function refused(): CliError {
  return new CliError('cli.loginRefused', 'You have said no in the browser. Nobody is signed in.', {
    hint: 'If that was a mistake, run the same command again.',
  });
}
