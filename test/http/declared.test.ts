import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createHttpMuster } from '../../src/client/over-http.ts';
import { runbookOf } from '../support/runbook-of.ts';
import { appForTest } from './app.ts';

const REQUEST = {
  file: 'test.yaml',
  text: runbookOf('steps: [{ id: a, wait: 1s }]\n'),
  mode: 'drill',
  purpose: 'exercise',
  inputs: {},
} as const;

it('the time of a declared loss goes through the server, and is checked there', async () => {
  const opened = await appForTest();
  await opened.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = opened.app.server.address() as AddressInfo;
  const muster = createHttpMuster({
    url: `http://127.0.0.1:${port}`,
    credential: await opened.login('operator'),
  });
  const declaredAt = Date.now() - 60_000;
  await muster.start({ ...REQUEST, declaredAt });
  expect(opened.control.started[0]?.input.declaredAt).toBe(declaredAt);
  await expect(muster.start({ ...REQUEST, declaredAt: 0 })).rejects.toMatchObject({ code: 'run.refused' });
});
