import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ServerCertificate } from '../../src/simulator/index.ts';

/** What the server in the back has answered. */
export interface RealAnswer {
  readonly status: number;
  readonly text: string;
}

/** What is said instead; `flood` sends that many bytes of nothing in particular. What is left out stays as it was. */
export interface FalseAnswer {
  readonly status?: number;
  readonly type?: string;
  readonly text?: string;
  readonly flood?: number;
}

/** What it was asked, with what. */
export interface Asked {
  readonly authorization: string;
  readonly body: string;
}

/** Twists an answer. The server in the back has done what it was asked. */
export type Twist = (real: RealAnswer, asked: Asked) => FalseAnswer;

export interface Misbehaviour {
  /** Which answers: tested against method and path, such as `GET /api/v7.21/Plans`. */
  readonly on: RegExp;
  readonly twist: Twist;
  /** How many answers; default all. */
  readonly times?: number;
}

/** Stands in front of another server, and hands everything on until it is told to misbehave. */
export interface HostileServer {
  readonly url: string;
  /** The server in the back: nothing reaches it before this is said. */
  readonly standBefore: (url: string) => void;
  /** Replaces what was asked for before. */
  readonly misbehave: (how: Misbehaviour) => void;
  readonly behave: () => void;
  /** With TLS: shows another certificate from now on, to everybody. */
  readonly present: (certificate: ServerCertificate) => void;
  /** How many answers were twisted. */
  readonly twisted: number;
  /** The bodies of all real answers. */
  readonly heard: readonly string[];
}

const FLOOD_PIECE = Buffer.alloc(64 * 1_024, ' ');
/** Of one connection, not of the server in the back. */
const HOP_BY_HOP = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding']);

/** Starts one on a free port. It ends with the test; inside a concurrent test give that test's own hook. */
export async function hostileServer({
  certificate,
  finished = onTestFinished,
}: { certificate?: ServerCertificate; finished?: (end: () => void) => void } = {}): Promise<HostileServer> {
  let back: string | undefined;
  let bad: Misbehaviour | undefined;
  let twisted = 0;
  const heard: string[] = [];

  const isDue = (name: string, { on, times = Infinity }: Misbehaviour): boolean =>
    on.test(name) && twisted < times;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = `${request.method ?? ''} ${request.url ?? ''}`;
    if (back === undefined) throw new Error('the server stands before nothing');
    const body = await bodyOf(request);
    const real = await handOn(back, request, body);
    heard.push(real.text);
    const how = bad !== undefined && isDue(name, bad) ? bad : undefined;
    if (how !== undefined) twisted += 1;
    const {
      status = real.status,
      type = real.type,
      text = real.text,
      flood,
    } = how?.twist(real, askedBy(request, body)) ?? {};
    response.writeHead(status, { ...real.headers, 'content-type': type });
    if (flood === undefined) response.end(text);
    else pour(response, flood);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch(() => response.destroy());
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  finished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    standBefore: (url) => {
      back = url;
    },
    misbehave: (how) => {
      bad = how;
      twisted = 0;
    },
    behave: () => {
      bad = undefined;
    },
    present: ({ cert, key }) => {
      (server as TlsServer).setSecureContext({ cert, key });
      // Whoever is connected has seen the other one.
      server.closeAllConnections();
    },
    get twisted() {
      return twisted;
    },
    heard,
  };
}

interface Handed extends RealAnswer {
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function askedBy({ headers }: IncomingMessage, body: string): Asked {
  return { authorization: headers.authorization ?? '', body };
}

async function handOn(back: string, request: IncomingMessage, body: string): Promise<Handed> {
  const answer = await fetch(`${back}${request.url ?? '/'}`, {
    method: request.method ?? 'GET',
    headers: headersOf(Object.entries(request.headers)),
    redirect: 'manual',
    ...(body === '' ? {} : { body }),
  });
  return {
    status: answer.status,
    text: await answer.text(),
    type: answer.headers.get('content-type') ?? 'application/json',
    headers: headersOf([...answer.headers]),
  };
}

function headersOf(
  pairs: readonly (readonly [string, string | string[] | undefined])[],
): Record<string, string> {
  return Object.fromEntries(
    pairs.flatMap(([name, value]) =>
      value === undefined || HOP_BY_HOP.has(name.toLowerCase()) ? [] : [[name, String(value)]],
    ),
  );
}

function pour(response: ServerResponse, bytes: number): void {
  let sent = 0;
  const more = (): void => {
    while (sent < bytes && !response.destroyed) {
      sent += FLOOD_PIECE.length;
      if (!response.write(FLOOD_PIECE)) return;
    }
    response.end();
  };
  response.on('drain', more);
  more();
}

/** Twists of an answer that any server, or whatever stands before it, may come up with. */
export const TWISTS = {
  html: () => ({ type: 'text/html', text: '<html><body>Please sign in</body></html>' }),
  cutJson: ({ text }) => ({ text: text.slice(0, Math.ceil(text.length / 2)) }),
  gigabyte: () => ({ flood: 1_000_000_000 }),
  notFound: () => ({ status: 404, text: '' }),
  otherVersion: () => ({
    status: 400,
    text: JSON.stringify({ errorCode: 'UnexpectedContent', message: 'The x-api-version is not supported.' }),
  }),
} as const satisfies Readonly<Record<string, Twist>>;

/** Leaves fields out, wherever in the JSON they stand. */
export function without(...fields: readonly string[]): Twist {
  return changing((key, value) => (fields.includes(key) ? undefined : value));
}

/** Puts other values into fields, wherever in the JSON they stand. */
export function having(values: Readonly<Record<string, unknown>>): Twist {
  return changing((key, value) => (Object.hasOwn(values, key) ? values[key] : value));
}

function changing(replacer: (key: string, value: unknown) => unknown): Twist {
  return ({ text }) => ({ text: JSON.stringify(JSON.parse(text), replacer) });
}
