import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { demandFreePort, findFreePorts, isPortFree } from '../../src/stack/ports.ts';
import { errorOf } from './helpers.ts';

const host = '127.0.0.1';

async function takePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('ports', () => {
  it('are others when the preferred ones are taken', async () => {
    const taken = await takePort();
    const [first = 0, second = 0] = await findFreePorts({ host, preferred: [taken, taken] });
    expect(new Set([taken, first, second]).size).toBe(3);
    expect(await isPortFree({ host, port: first })).toBe(true);
  });

  it('are refused by name when demanded and taken', async () => {
    const port = await takePort();
    const error = await errorOf(demandFreePort({ host, port }));
    expect(error).toMatchObject({ code: 'stack.portTaken' });
    expect(String(error)).toContain(String(port));
  });
});
