import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { canarySecret } from './canary-secret.ts';

/** What a Vault was told to keep at a path, and how it is reached: KV version 2 as HashiCorp documents its API. */
export interface VaultServer {
  readonly url: string;
  readonly token: string;
  /** The data of the newest version at each path, below the mount. */
  readonly kept: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** How many versions a path has. */
  versions(path: string): number;
  /** `METHOD /path` of every request, in order. */
  readonly asked: readonly string[];
  /** Lets every request of a kind end like this from now on; `times` of them only. */
  misbehave(how: Misbehaviour): void;
  behave(): void;
}

export type Misbehaviour =
  | { readonly answer: number; readonly text?: string; readonly times?: number }
  /** The request is done, and its answer lost. */
  | { readonly lose: true; readonly times?: number }
  /** It never answers. */
  | { readonly hang: true; readonly times?: number };

const TOKEN = `hvs.${canarySecret()}`;

/** A Vault with a KV version 2 at `secret`; it closes with the test. */
export async function vaultServer({ namespace }: { readonly namespace?: string } = {}): Promise<VaultServer> {
  const versions = new Map<string, Readonly<Record<string, unknown>>[]>();
  const kept = new Map<string, Readonly<Record<string, unknown>>>();
  const asked: string[] = [];
  let trouble: (Misbehaviour & { left: number }) | undefined;

  const answer = (request: IncomingMessage, body: string): readonly [number, unknown] => {
    const { method = '', url = '', headers } = request;
    if (url.startsWith('/v1/sys/health')) {
      return headers['x-vault-namespace'] === undefined
        ? [200, { initialized: true, sealed: false, standby: false }]
        : [404, { errors: ['unsupported path'] }];
    }
    const isKnown = headers['x-vault-token'] === TOKEN && headers['x-vault-namespace'] === namespace;
    if (!isKnown) return [403, { errors: ['permission denied'] }];
    const [, kind, path = ''] = /^\/v1\/secret\/(data|metadata)\/(.+)$/.exec(url) ?? [];
    if (kind === 'data' && method === 'POST') {
      const { data, options } = JSON.parse(body) as {
        data: Readonly<Record<string, unknown>>;
        options?: { cas?: number };
      };
      const before = versions.get(path) ?? [];
      if (options?.cas !== undefined && options.cas !== before.length) {
        return [400, { errors: ['check-and-set parameter did not match the current version'] }];
      }
      versions.set(path, [...before, data]);
      kept.set(path, data);
      return [200, { data: { version: before.length + 1, created_time: new Date().toISOString() } }];
    }
    if (kind === 'metadata' && method === 'DELETE') {
      versions.delete(path);
      kept.delete(path);
      return [204, undefined];
    }
    return [404, { errors: [] }];
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const body = await textOf(request);
    const how = trouble;
    if (how !== undefined && (how.left -= 1) <= 0) trouble = undefined;
    if (how !== undefined && 'hang' in how) return;
    const [status, value] =
      how !== undefined && 'answer' in how
        ? [how.answer, JSON.parse(how.text ?? JSON.stringify({ errors: [`no: ${body}`] })) as unknown]
        : answer(request, body);
    if (how !== undefined && 'lose' in how) {
      request.socket.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(value === undefined ? undefined : JSON.stringify(value));
  };

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token: TOKEN,
    kept,
    versions: (path) => versions.get(path)?.length ?? 0,
    asked,
    misbehave: (how) => {
      trouble = { ...how, left: how.times ?? Infinity };
    },
    behave: () => {
      trouble = undefined;
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
