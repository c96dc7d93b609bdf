import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ConfigError } from '../config/index.ts';
import type { Control } from '../control/index.ts';
import type { Logger } from '../observe/logger.ts';
import { listen, type Health, type HttpServer } from '../http/index.ts';
import type { Data } from './data.ts';
import { musterWith } from './muster-on.ts';
import { isPortFree } from './ports.ts';
import { needsProof } from './worker-deps.ts';
import { StackError } from './stack-error.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/**
 * Starts the API and the pages.
 *
 * @param options.fallback a taken port gives way to any free one: for a stack that somebody tries out
 * @throws StackError `stack.portTaken`; ConfigError `config.secretUnavailable` for a certificate that cannot be read
 */
export async function startServer(
  data: Data,
  control: Control,
  { fallback, logger }: { readonly fallback: boolean; readonly logger: Logger },
): Promise<HttpServer> {
  const { config, identity } = data;
  const { host, port, publicUrl, tls, behindProxy } = config.server;
  const { trustLocal, oidc } = config.signIn;
  const isFree = port === 0 || (await isPortFree({ host, port }));
  if (!isFree && !fallback) {
    throw new StackError('stack.portTaken', `Port ${port} on ${host} is taken by another program.`);
  }
  return listen(
    {
      identity,
      musterFor: (actor) => musterWith({ control, actor: async () => actor }, data),
      health: () => healthOf(data, control),
      version,
      logger,
      ...(publicUrl !== undefined && { publicUrl }),
      ...(tls !== undefined && { tls: await certificateIn(tls) }),
      trustProxy: behindProxy,
      needsProof: ({ person: id, kind }) => needsProof(config, { id, kind }),
      drafts: data.stores.drafts,
      hasProvider: oidc !== undefined,
      trustedPeople: trustLocal
        ? [...config.people.values()]
            .filter(({ kind }) => kind === 'person')
            .map(({ id, name }) => ({ id, name }))
        : [],
    },
    { host, port: isFree ? port : 0 },
  );
}

async function certificateIn(tls: { readonly cert: string; readonly key: string }) {
  const read = async (file: string): Promise<string> => {
    try {
      return await readFile(file, 'utf8');
    } catch (cause) {
      const message = `The server's certificate cannot be read: ${file}. Correct server.tls in muster.yaml.`;
      throw new ConfigError('config.secretUnavailable', message, { cause });
    }
  };
  return { cert: await read(tls.cert), key: await read(tls.key) };
}

/** Asked of what it cannot work without. */
async function healthOf({ stores }: Data, control: Control): Promise<Health> {
  const answers = async (ask: () => Promise<unknown>): Promise<'ok' | 'away'> =>
    ask().then(
      () => 'ok',
      () => 'away',
    );
  const [store, temporal] = await Promise.all([
    answers(() => stores.freezes.pending(Date.now())),
    answers(() => control.list({ limit: 1 })),
  ]);
  return { ok: store === 'ok' && temporal === 'ok', parts: { store, temporal } };
}
