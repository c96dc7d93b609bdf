import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { lazyConnection } from '../../src/control/connection.ts';

/** A server to which nobody can talk: it hangs up at once. Resolves with its address, and how often it was called. */
async function deafServer() {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return { address: `127.0.0.1:${port}`, calls: () => calls };
}

test('a call that waits for its next try when the connection is closed fails, and nothing else does', async () => {
  const server = await deafServer();
  const uncaught = vi.fn();
  process.on('uncaughtException', uncaught);
  onTestFinished(() => void process.off('uncaughtException', uncaught));
  const connection = lazyConnection({ address: server.address });
  const called = connection.workflowService.getSystemInfo({}).catch((error: unknown) => error);
  await expect.poll(() => server.calls(), { interval: 5 }).toBeGreaterThan(0);
  await pause(20);
  await connection.close();
  expect(await called).toBeInstanceOf(Error);
  await pause(500);
  expect(uncaught).not.toHaveBeenCalled();
});
