import { expect, test } from 'vitest';
import { VeeamError } from '../../src/veeam/index.ts';
import { createTokenManager } from '../../src/veeam/oauth.ts';
import type { VbrCredentials } from '../../src/veeam/options.ts';
import { callerOf } from './caller.ts';
import { failureOf, fakeVeeam, tokenEndpoint, vroClient } from './fake-server.ts';
import type { Handler } from './fake-server.ts';
import { PLAN_DETAILS, PLAN_ID } from './samples.ts';

const planDetails: Handler = () => ({ json: PLAN_DETAILS });

/** Accepts only this access token. */
const onlyWith =
  (token: () => string): Handler =>
  ({ headers }) =>
    headers.authorization === `Bearer ${token()}` ? { json: PLAN_DETAILS } : { status: 401 };

const grants = (server: Awaited<ReturnType<typeof fakeVeeam>>) =>
  server.to('/token').map(({ form }) => form.get('grant_type'));

const times = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make));

test('one login serves a hundred parallel first calls', async () => {
  const server = await fakeVeeam(planDetails);
  const vro = vroClient(server.url);

  await times(100, () => vro.runtimeDetails.plan(PLAN_ID));

  expect(grants(server)).toEqual(['password']);
});

test('a hundred calls with an expired token cause one refresh', async () => {
  const { handler } = tokenEndpoint({ expiresIn: (grant) => (grant === 1 ? 0.000_001 : 900) });
  const server = await fakeVeeam(planDetails, handler);
  const vro = vroClient(server.url);
  await vro.runtimeDetails.plan(PLAN_ID);

  await times(100, () => vro.runtimeDetails.plan(PLAN_ID));

  expect(grants(server)).toEqual(['password', 'refresh_token']);
});

test('a hundred refusals of one token cause one refresh', async () => {
  let valid = 'access-1';
  const server = await fakeVeeam(onlyWith(() => valid));
  const vro = vroClient(server.url);
  await vro.runtimeDetails.plan(PLAN_ID);
  valid = 'access-2';

  await times(100, () => vro.runtimeDetails.plan(PLAN_ID));

  expect(grants(server)).toEqual(['password', 'refresh_token']);
});

test('a refusal that comes late uses the token that is already renewed', async () => {
  let release: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (release = resolve));
  const server = await fakeVeeam(async ({ headers, path }) => {
    if (headers.authorization !== 'Bearer access-1') return { json: PLAN_DETAILS };
    if (path.endsWith('/slow')) await late;
    return { status: 401 };
  });
  const vro = vroClient(server.url);
  const slow = vro.runtimeDetails.plan('slow');
  await expect.poll(() => server.to('/slow').length).toBe(1);
  await vro.runtimeDetails.plan(PLAN_ID);

  release();
  await slow;

  expect(grants(server)).toEqual(['password', 'refresh_token']);
});

test('a hundred calls with a dead refresh token cause one login', async () => {
  let valid = 'access-1';
  const token = tokenEndpoint();
  const server = await fakeVeeam(
    onlyWith(() => valid),
    token.handler,
  );
  const vro = vroClient(server.url);
  await vro.runtimeDetails.plan(PLAN_ID);
  token.revokeRefreshToken();
  valid = 'access-2';

  await times(100, () => vro.runtimeDetails.plan(PLAN_ID));

  expect(grants(server)).toEqual(['password', 'refresh_token', 'password']);
});

test('a refresh token that died with its access token causes one login as well', async () => {
  const token = tokenEndpoint({ expiresIn: (grant) => (grant === 1 ? 0.000_001 : 900) });
  const server = await fakeVeeam(planDetails, token.handler);
  const vro = vroClient(server.url);
  await vro.runtimeDetails.plan(PLAN_ID);
  token.revokeRefreshToken();

  await times(100, () => vro.runtimeDetails.plan(PLAN_ID));

  expect(grants(server)).toEqual(['password', 'refresh_token', 'password']);
});

test('the newest refresh token is used, each only once', async () => {
  const { handler } = tokenEndpoint({ expiresIn: 0.000_001 });
  const server = await fakeVeeam(planDetails, handler);
  const vro = vroClient(server.url);

  for (let call = 0; call < 3; call += 1) await vro.runtimeDetails.plan(PLAN_ID);

  expect(server.to('/token').map(({ form }) => form.get('refresh_token'))).toEqual([
    null,
    'refresh-1',
    'refresh-2',
  ]);
});

test('a token is renewed before it expires', async () => {
  // 20% of 0.5 s before its end, that is after 0.4 s.
  const { handler } = tokenEndpoint({ expiresIn: 0.5 });
  const server = await fakeVeeam(planDetails, handler);
  const vro = vroClient(server.url);
  await vro.runtimeDetails.plan(PLAN_ID);

  await expect
    .poll(async () => {
      await vro.runtimeDetails.plan(PLAN_ID);
      return server.to('/token').length;
    })
    .toBeGreaterThan(1);
});

test('a failed early renewal falls back on the living token', async () => {
  const down = new VeeamError('veeam.serverError', { connection: 'x', call: 'POST /token', changes: false });
  const logins = [{ accessToken: 'a', refreshToken: undefined, lifetimeMs: 900_000, askedAt: 0 }];
  const login = async () => logins.pop() ?? Promise.reject(down);
  let clock = 0;
  const tokens = createTokenManager({ login, refresh: login }, () => clock);
  await tokens.get();

  clock = 850_000;
  expect(await tokens.get()).toMatchObject({ accessToken: 'a' });
  clock = 900_000;
  expect(await failureOf(tokens.get())).toBe(down);
});

test('a second 401 is veeam.unauthorized after one repeat', async () => {
  const server = await fakeVeeam(() => ({ status: 401, json: { message: 'expired' } }));

  const error = await failureOf(vroClient(server.url).runtimeDetails.plan(PLAN_ID));

  expect(error).toMatchObject({
    code: 'veeam.unauthorized',
    connection: 'dr-site',
    call: 'GET /RuntimeDetails/Plans/{planId}',
    status: 401,
    serverMessage: 'expired',
  });
  expect(server.to(PLAN_ID)).toHaveLength(2);
});

test('a refused login is veeam.unauthorized, tried once', async () => {
  const server = await fakeVeeam(planDetails, () => ({ status: 400, json: { error: 'invalid_grant' } }));

  const error = await failureOf(vroClient(server.url).undo(PLAN_ID));

  expect(error).toMatchObject({ code: 'veeam.unauthorized', call: 'POST /api/token', effect: 'none' });
  expect(server.seen).toHaveLength(1);
});

test('a client account logs in with id and secret', async () => {
  const server = await fakeVeeam(planDetails);
  const vro = vroClient(server.url, {
    credentials: { kind: 'client', clientId: 'c1', clientSecret: async () => 'a+b/=' },
  });

  await vro.runtimeDetails.plan(PLAN_ID);

  expect(Object.fromEntries(server.to('/token')[0]?.form ?? [])).toEqual({
    grant_type: 'client_credentials',
    client_id: 'c1',
    client_secret: 'a+b/=',
  });
});

test('the session tells the life of its tokens', async () => {
  const server = await fakeVeeam(planDetails);
  const caller = callerOf(server.url);
  expect(caller.session()).toBeUndefined();

  await caller.read({ call: 'GET /x', result: ({ status }) => status });

  const session = caller.session();
  expect(session).toMatchObject({ lifetimeMs: 900_000, hasRefreshToken: true });
  expect(Math.abs((session?.expiresAt ?? 0) - Date.now() - 900_000)).toBeLessThan(60_000);
});

test.each<[string, VbrCredentials, Record<string, string>]>([
  [
    'an authorization code',
    { kind: 'authorizationCode', code: () => 'c0de' },
    { grant_type: 'authorization_code', code: 'c0de' },
  ],
  [
    'a platform token',
    { kind: 'vbrToken', token: async () => 't0ken' },
    { grant_type: 'vbr_token', vbr_token: 't0ken' },
  ],
])('VBR takes %s', async (_, credentials, form) => {
  const server = await fakeVeeam(() => ({}));

  await callerOf(server.url, { credentials }).read({ call: 'GET /x', result: ({ status }) => status });

  expect(Object.fromEntries(server.to('/token')[0]?.form ?? [])).toEqual(form);
});

test('a refresh token of short life is asked for at the login', async () => {
  const { handler } = tokenEndpoint({ expiresIn: 0.000_001 });
  const server = await fakeVeeam(() => ({}), handler);
  const caller = callerOf(server.url, { shortTermRefresh: true });

  for (let call = 0; call < 2; call += 1) {
    await caller.read({ call: 'GET /x', result: ({ status }) => status });
  }

  expect(
    server.to('/token').map(({ form }) => [form.get('grant_type'), form.get('use_short_term_refresh')]),
  ).toEqual([
    ['password', 'true'],
    ['refresh_token', null],
  ]);
});

test('a logout has its own path and form, and the next call logs in', async () => {
  const server = await fakeVeeam(() => ({}));
  const caller = callerOf(server.url);
  const read = () => caller.read({ call: 'GET /x', result: ({ status }) => status });
  await read();

  await caller.logout('POST /api/revoke', { absolute: true, form: (token) => ({ token }) });
  await read();

  expect(server.seen.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
    expect.stringContaining('POST /api/token grant_type=password'),
    'GET /root/x ',
    'POST /api/revoke token=access-1',
    expect.stringContaining('POST /api/token grant_type=password'),
    'GET /root/x ',
  ]);
  expect(server.to('/revoke')[0]?.headers.authorization).toBe('Bearer access-1');
});

test('a logout without a session asks for nothing', async () => {
  const server = await fakeVeeam(() => ({}));

  await callerOf(server.url).logout('DELETE /api/token', { absolute: true });

  expect(server.seen).toEqual([]);
});

test('what a secret throws reaches the caller unchanged', async () => {
  const server = await fakeVeeam(planDetails);
  const missing = new Error('VRO_PASSWORD is not set');
  const password = () => {
    throw missing;
  };
  const vro = vroClient(server.url, { credentials: { kind: 'password', username: 'u', password } });

  expect(await failureOf(vro.plan(PLAN_ID))).toBe(missing);
  expect(server.seen).toEqual([]);
});

test('one caller who gives up does not end the login of the others', async () => {
  const token = tokenEndpoint();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const server = await fakeVeeam(planDetails, async (seen) => {
    await held;
    return token.handler(seen);
  });
  const vro = vroClient(server.url);
  const impatient = new AbortController();
  const first = failureOf(vro.runtimeDetails.plan(PLAN_ID, { signal: impatient.signal }));
  const second = vro.runtimeDetails.plan(PLAN_ID);
  await expect.poll(() => server.seen.length).toBe(1);

  impatient.abort();
  expect(await first).toMatchObject({ code: 'veeam.cancelled' });
  release();

  expect(await second).toMatchObject({ id: PLAN_ID });
  expect(server.to('/token')).toHaveLength(1);
});
