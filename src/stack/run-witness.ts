import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { readFile, readdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { WitnessRunOptions } from '../cli/stack-door.ts';
import {
  createWitnessService,
  fileWitness,
  formatVerifierKey,
  LedgerError,
  makeFileWitness,
  newestCosigned,
  parseVerifierKey,
  readWitnessKey,
  type VerifierKey,
} from '../ledger/index.ts';
import { aborted } from './aborted.ts';

/** A checkpoint and the longest proof have 10 KB. */
const MAX_BODY_BYTES = 256 * 1_024;
/** Who sends slower than this is no ledger. */
const REQUEST_LIMIT_MS = 15_000;
const TEXT = 'text/plain; charset=utf-8';

/**
 * A witness over HTTP (C2SP tlog-witness) until the signal: it cosigns what continues the newest checkpoint that it has cosigned,
 * and keeps that in its folder. It needs nothing else of muster. `GET /checkpoint` shows the newest one.
 *
 * @throws LedgerError `witness.refused` when the folder holds something else, `witness.badAnswer`, `witness.unreachable`
 */
export async function runWitness(options: WitnessRunOptions): Promise<0> {
  const { origin, host, port, signal, onListening, onAnswer } = options;
  const folder = resolve(options.folder);
  const key = await keyOf(folder, options);
  const ledger = { origin, ledger: options.ledgerKeys.map(parseVerifierKey) };
  const witness = fileWitness({
    folder,
    keys: [key],
    ledger,
    ...(options.keyFile !== undefined && { keyFile: options.keyFile }),
    hasBegun: (await newestCosigned(folder, origin)) !== undefined,
  });
  const service = createWitnessService({ witness, ledger });
  const answered = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://witness').pathname;
    if (request.method === 'GET' && path.endsWith('/checkpoint')) {
      const note = await newestCosigned(folder, origin);
      response.writeHead(note === undefined ? 404 : 200, { 'content-type': TEXT }).end(note ?? 'None yet.\n');
      return;
    }
    if (request.method !== 'POST' || !path.endsWith('/add-checkpoint')) {
      response.writeHead(404, { 'content-type': TEXT }).end('There is nothing here.\n');
      return;
    }
    const body = await bodyOf(request);
    const reply =
      body === undefined ? { status: 400, body: 'This is no text, or too long.\n' } : await service(body);
    response.writeHead(reply.status, { 'content-type': 'type' in reply ? reply.type : TEXT }).end(reply.body);
    onAnswer(
      `${new Date().toISOString()} ${reply.status}${reply.status === 200 ? '' : ` ${reply.body.trim()}`}`,
    );
  };
  const server = await serverFor(options, (request, response) => {
    answered(request, response).catch((error: unknown) => {
      onAnswer(`${new Date().toISOString()} 503 ${error instanceof Error ? error.message : String(error)}`);
      if (!response.headersSent) response.writeHead(503, { 'content-type': TEXT });
      response.end();
    });
  });
  await new Promise<void>((listening, fail) => {
    server.once('error', fail);
    server.listen(port, host, listening);
  });
  const { port: taken } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  onListening({
    url: `${options.tls === undefined ? 'http' : 'https'}://${shown}:${taken}`,
    key: formatVerifierKey(key),
  });
  await aborted(signal);
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  return 0;
}

/** The key of the folder. It is made only where there is nothing else: not in place of storage that is not mounted. */
async function keyOf(
  folder: string,
  { name, keyFile, origin, isNew }: Pick<WitnessRunOptions, 'name' | 'keyFile' | 'origin' | 'isNew'>,
): Promise<VerifierKey> {
  const there = await readWitnessKey(folder, name, keyFile);
  // With its key at hand and its memory gone, a witness would cosign whatever it is shown.
  if (keyFile !== undefined && !isNew && (await newestCosigned(folder, origin)) === undefined) {
    throw new LedgerError('witness.refused', folder, {
      detail:
        'It holds no checkpoint that this witness has cosigned. Is its storage mounted? One that only begins says --new.',
    });
  }
  if (there !== undefined) return there;
  const names = await readdir(folder).catch(() => []);
  if (keyFile !== undefined || names.length > 0) {
    throw new LedgerError('witness.refused', keyFile ?? folder, { detail: 'There is no key of a witness.' });
  }
  return makeFileWitness(folder, name);
}

async function serverFor({ tls }: Pick<WitnessRunOptions, 'tls'>, listener: RequestListener) {
  const limits = { requestTimeout: REQUEST_LIMIT_MS, headersTimeout: REQUEST_LIMIT_MS };
  if (tls === undefined) return createServer(limits, listener);
  const [cert, key] = await Promise.all([readFile(tls.cert), readFile(tls.key)]);
  return createTlsServer({ ...limits, cert, key }, listener);
}

/** The body as text; undefined when it is too long or no UTF-8. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.byteLength;
    if (bytes > MAX_BODY_BYTES) return undefined;
    parts.push(part);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
  } catch {
    return undefined;
  }
}
