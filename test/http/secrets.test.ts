import { describe, expect, test } from 'vitest';
import { createHttpMuster } from '../../src/client/over-http.ts';
import type { KeptSecret } from '../../src/store/index.ts';
import { canarySecret } from '../support/canary-secret.ts';
import { appForTest, type TestApp } from './app.ts';

const ID = '7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0001';
const VALUE = canarySecret();
const REVEAL = `/api/v1/secrets/${ID}/reveal`;

const token: KeptSecret = {
  run: 'execution-1',
  runId: 'run-1',
  runbook: 'agent-tokens',
  path: 'issue',
  kind: 'recoveryToken',
  id: ID,
  connection: 'dr-backup',
  name: 'Recovery token 1',
  machines: ['srv1'],
  revealTo: 'dr-manager',
  value: VALUE,
  expires: '2099-01-01T00:00:00Z',
};

async function place(secret: KeptSecret = token): Promise<TestApp> {
  const server = await appForTest();
  await server.stores.secrets.keep(secret);
  return server;
}

async function entriesOf({ stores }: TestApp): Promise<readonly object[]> {
  const entries = (await stores.ledger.page(0, 100)).map(({ text }) => JSON.parse(text) as { kind: string });
  return entries.filter(({ kind }) => kind.startsWith('secret.'));
}

describe('revealing a secret', () => {
  test('shows it to the role of its step, kept by nobody on the way', async () => {
    const server = await place();
    const { statusCode, headers, body } = await server.ask(
      await server.login('dr-manager'),
      'POST',
      REVEAL,
      {},
    );
    expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(JSON.parse(body)).toMatchObject({ value: VALUE, time: 1, record: { id: ID, mayReveal: 3 } });
  });

  test('is refused to another role, which is entered', async () => {
    const server = await place();
    const { statusCode, body } = await server.ask(await server.login('operator'), 'POST', REVEAL, {});
    expect([statusCode, body.includes(VALUE)]).toEqual([403, false]);
    expect(await entriesOf(server)).toMatchObject([
      { kind: 'secret.refused', id: ID, actor: 'operator', why: 'notAllowed' },
    ]);
  });

  test('is for operators when the step names nobody', async () => {
    const server = await place({ ...token, revealTo: 'operator' });
    const statusOf = async (person: string): Promise<number> =>
      (await server.ask(await server.login(person), 'POST', REVEAL, {})).statusCode;
    expect([await statusOf('dr-manager'), await statusOf('operator')]).toEqual([403, 200]);
  });

  test.each(['viewer', 'auditor', 'admin', 'author'])(
    'is nothing for the role %s, whatever a step says',
    async (role) => {
      const server = await place({ ...token, revealTo: role });
      expect((await server.ask(await server.login(role), 'POST', REVEAL, {})).statusCode).toBe(403);
    },
  );

  test('does not work with an API token, nor can one be made for it', async () => {
    const server = await place();
    const session = await server.login('dr-manager');
    const made = (actions: readonly string[]) =>
      server.ask(session, 'POST', '/api/v1/tokens', { note: 'n', validMs: 60_000, scope: { actions } });
    expect((await made(['secret.reveal'])).statusCode).toBe(400);
    const { credential } = JSON.parse((await made(['secret.list'])).body) as { credential: string };
    expect((await server.ask(credential, 'GET', '/api/v1/secrets')).body).not.toContain(VALUE);
    expect((await server.ask(credential, 'POST', REVEAL, {})).statusCode).toBe(403);
  });

  test('works three times, and not by looking', async () => {
    const server = await place();
    const session = await server.login('dr-manager');
    expect((await server.ask(session, 'GET', REVEAL)).statusCode).toBe(404);
    const codes = [];
    for (let time = 0; time < 4; time += 1) {
      codes.push((await server.ask(session, 'POST', REVEAL, {})).statusCode);
    }
    expect(codes).toEqual([200, 200, 200, 409]);
    expect((await entriesOf(server)).at(-1)).toMatchObject({ why: 'usedUp' });
  });

  test('of one that was purged says so', async () => {
    const server = await place();
    await server.stores.secrets.forget(token);
    const { statusCode, body } = await server.ask(await server.login('dr-manager'), 'POST', REVEAL, {});
    expect([statusCode, JSON.parse(body)]).toMatchObject([410, { code: 'secret.gone' }]);
  });
});

test('a list has no secret in it, whoever asks', async () => {
  const server = await place();
  const bodies: string[] = [];
  // In turn: several who sign in at once from one place have to wait.
  for (const person of ['operator', 'auditor', 'dr-manager']) {
    const credential = await server.login(person);
    bodies.push((await server.ask(credential, 'GET', '/api/v1/secrets?run=run-1')).body);
  }
  expect(bodies.map((body) => body.includes(ID))).toEqual([true, true, true]);
  expect(bodies.filter((body) => body.includes(VALUE))).toEqual([]);
});

test('the command line asks a server for it', async () => {
  const server = await place();
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' });
  const muster = createHttpMuster({ url, credential: await server.login('dr-manager') });
  const [listed] = await muster.secrets.list({ runId: 'run-1' });
  expect(await muster.secrets.reveal({ id: listed?.id ?? '' })).toMatchObject({ value: VALUE, time: 1 });
  await expect(muster.secrets.reveal({ id: '../runs' })).rejects.toMatchObject({ code: 'secret.notFound' });
});

test('who looks after the system puts secrets under the newest key, and sees none', async () => {
  const server = await place();
  const admin = await server.login('admin');
  const { statusCode, body } = await server.ask(admin, 'POST', '/api/v1/secrets/rewrap', {});
  expect([statusCode, JSON.parse(body)]).toMatchObject([200, { rewrapped: 0, left: [] }]);
  expect((await server.ask(admin, 'POST', REVEAL, {})).statusCode).toBe(403);
});
