import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { errorCodeOf } from './atomic-file.ts';
import { StackError } from './stack-error.ts';

/** Whether a server could listen on the port now. */
export async function isPortFree({ host, port }: { host: string; port: number }): Promise<boolean> {
  try {
    await close(await listen(host, port));
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EADDRINUSE' || errorCodeOf(error) === 'EACCES') return false;
    throw error;
  }
}

/**
 * Different free ports, one for each one preferred: that one when it is free, else one that the system chooses.
 * They are free when found, not reserved: who listens must be ready to try again.
 */
export async function findFreePorts({
  host,
  preferred,
}: {
  host: string;
  preferred: readonly number[];
}): Promise<readonly number[]> {
  // All stay open until the last is found, so that the system cannot hand out one twice.
  const open: Server[] = [];
  const ports: number[] = [];
  try {
    for (const port of preferred) {
      const server = await listen(host, port).catch(() => listen(host, 0));
      open.push(server);
      ports.push(portOf(server));
    }
    return ports;
  } finally {
    await Promise.all(open.map(close));
  }
}

/** @throws StackError `stack.portTaken` when nothing could listen on the port that was asked for */
export async function demandFreePort({ host, port }: { host: string; port: number }): Promise<number> {
  if (await isPortFree({ host, port })) return port;
  throw new StackError('stack.portTaken', `Port ${port} on ${host} is taken by another program.`);
}

function listen(host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}
