import type { FastifyInstance } from 'fastify';
import { SimulatorError } from './errors.ts';

function isPortTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}

/**
 * Listens on `port`, 0 being any free one, and answers the URL. A taken port throws `PORT_TAKEN`, or with `fallback`
 * gives way to any free one. `create` is called again then: a server that failed to listen is not used twice.
 */
export async function listen(
  create: () => FastifyInstance,
  { host, port = 0, fallback }: { host: string; port: number | undefined; fallback: boolean },
): Promise<{ app: FastifyInstance; url: string }> {
  const app = create();
  try {
    return { app, url: await app.listen({ host, port }) };
  } catch (cause) {
    await app.close();
    if (!isPortTaken(cause)) throw cause;
    if (fallback && port !== 0) return listen(create, { host, port: 0, fallback: false });
    throw new SimulatorError(
      'PORT_TAKEN',
      `Port ${port} of ${host} is taken. Choose another one, or allow the fallback to any free port.`,
      { cause },
    );
  }
}
