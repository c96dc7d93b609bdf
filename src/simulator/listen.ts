import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { SimulatorError } from './errors.ts';
import type { ServerCertificate } from './tls.ts';

/** Longer than clients keep idle connections, so that none is closed under a request. As Fastify has it for HTTP. */
const KEEP_ALIVE_MS = 72_000;

export interface Place {
  readonly host: string;
  /** 0 is any free one. */
  readonly port?: number | undefined;
  /** A taken port gives way to any free one. */
  readonly fallback: boolean;
  /** HTTPS with this certificate; HTTP without one. */
  readonly certificate?: ServerCertificate | undefined;
}

function isPortTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}

/**
 * Listens and answers the URL. A taken port throws `PORT_TAKEN`, or with `fallback` gives way to any free one. `create`
 * is called again then: a server that failed to listen is not used twice.
 */
export async function listen(
  create: () => FastifyInstance,
  { host, port = 0, fallback, certificate }: Place,
): Promise<{ app: FastifyInstance; url: string }> {
  const app = create();
  try {
    const url =
      certificate === undefined
        ? await app.listen({ host, port })
        : await listenWithTls(app, { host, port, certificate });
    return { app, url };
  } catch (cause) {
    await app.close();
    if (!isPortTaken(cause)) throw cause;
    if (fallback && port !== 0) return listen(create, { host, port: 0, fallback: false, certificate });
    throw new SimulatorError(
      'PORT_TAKEN',
      `Port ${port} of ${host} is taken. Choose another one (0 is any free port), or end what listens there.`,
      { cause },
    );
  }
}

/** The same application behind HTTPS. Closing it closes this server with all its connections. */
async function listenWithTls(
  app: FastifyInstance,
  { host, port, certificate }: { host: string; port: number; certificate: ServerCertificate },
): Promise<string> {
  const { cert, key } = certificate;
  const server = createServer({ cert, key, keepAlive: true }, (request, response) =>
    app.routing(request, response),
  );
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // Also those that are still shaking hands, of which the server itself does not know yet.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app.addHook('onClose', async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await app.ready();
  server.listen({ host, port });
  // Rejects with the error when the port is taken.
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  return `https://${nameOf(host)}:${bound}`;
}

/** How this machine reaches a host it listens on; "any address" is reached by the loopback one. */
function nameOf(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
