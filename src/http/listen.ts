import type { FastifyInstance } from 'fastify';
import { createApp } from './app.ts';
import type { HttpParts } from './parts.ts';

/** A server that answers. */
export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens for the API and the pages. Port 0 is any free one. Rejects with the system's error when the port is taken. */
export async function listen(
  parts: HttpParts,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<HttpServer> {
  const app: FastifyInstance = await createApp({ ...parts, host });
  const url = await app.listen({ host, port });
  return { url, close: () => app.close() };
}
