import { expect, test } from 'vitest';
import type { Json, Site } from './support.ts';
import { ANY_TEXT, logInVbr, send, site, XAPI } from './support.ts';
import { vbrSite } from './vbr-support.ts';

const BASE = '/api/v1/agents/recoveryTokens';

async function issue({ vbr, sim }: Site, expirationDate = '2026-02-01T00:00:00Z'): Promise<Json> {
  const backupIds = [sim.world.scenario.vbr.agentBackups[0]?.id];
  return (await vbr.call('POST', BASE, { backupIds, expirationDate })).json;
}

test('a login answers both tokens and their times', async () => {
  const { sim } = await site();
  const { status, json } = await logInVbr(sim, { username: 'BACKUP\\administrator' });
  expect(status).toBe(200);
  expect(json).toEqual({
    access_token: ANY_TEXT,
    token_type: 'bearer',
    refresh_token: ANY_TEXT,
    expires_in: 900,
    '.issued': ANY_TEXT,
    '.expires': ANY_TEXT,
  });
});

test('every call needs the version header', async () => {
  const { sim } = await site();
  const { status, json } = await send(`${sim.urls.vbr}/api/oauth2/token`, 'POST', new URLSearchParams());
  expect(status).toBe(400);
  expect(json).toEqual({ errorCode: 'UnexpectedContent', message: ANY_TEXT });
});

test('a wrong password is denied', async () => {
  const { sim } = await site();
  expect(await logInVbr(sim, { password: 'wrong' })).toMatchObject({
    status: 401,
    json: { errorCode: 'AccessDenied' },
  });
});

test('a refresh token is for single use', async () => {
  const { sim } = await site();
  const refresh_token = (await logInVbr(sim)).json.refresh_token ?? '';
  const again = { grant_type: 'Refresh_token', refresh_token };
  expect((await logInVbr(sim, again)).status).toBe(200);
  expect(await logInVbr(sim, again)).toMatchObject({ status: 401, json: { errorCode: 'InvalidToken' } });
});

test('logging out ends the session', async () => {
  const { vbr } = await site();
  expect(await vbr.call('POST', '/api/oauth2/logout')).toMatchObject({ status: 200, json: {} });
  expect((await vbr.call('GET', BASE)).status).toBe(401);
});

test('tokens of the other server are worth nothing', async () => {
  const { sim, vro } = await site();
  expect((await vro.call('GET', '/Plans')).status).toBe(200);
  expect(
    (await send(`${sim.urls.vbr}${BASE}`, 'GET', undefined, { ...XAPI, authorization: 'Bearer x' })).status,
  ).toBe(401);
});

test('a recovery token is issued and can be read again', async () => {
  const here = await site();
  const token = await issue(here);
  expect(token).toEqual({
    id: ANY_TEXT,
    name: 'Recovery token 1',
    recoveryToken: ANY_TEXT,
    expirationDate: '2026-02-01T00:00:00Z',
  });
  expect((await here.vbr.call('GET', `${BASE}/${token.id ?? ''}`)).json).toEqual(token);
});

test.each([
  ['no backups', { backupIds: [], expirationDate: '2026-02-01T00:00:00Z' }],
  [
    'an unknown backup',
    { backupIds: ['11111111-1111-4111-8111-111111111111'], expirationDate: '2026-02-01T00:00:00Z' },
  ],
  ['no date', { backupIds: ['7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0001'] }],
  ['no body', undefined],
])('a recovery token with %s is refused', async (_title, body) => {
  const { vbr } = await site();
  expect(await vbr.call('POST', BASE, body)).toMatchObject({
    status: 400,
    json: { errorCode: 'UnexpectedContent' },
  });
});

test('recovery tokens are filtered, ordered and paged', async () => {
  const here = await site();
  for (const day of ['03', '01', '02']) await issue(here, `2026-02-${day}T00:00:00Z`);
  const query = 'orderColumn=expirationDate&orderAsc=false&nameFilter=recovery*&skip=1&limit=1';
  const { json } = await here.vbr.call('GET', `${BASE}?${query}`);
  expect(json).toMatchObject({
    data: [{ expirationDate: '2026-02-02T00:00:00Z' }],
    pagination: { total: 3, count: 1, skip: 1, limit: 1 },
  });
  expect((await here.vbr.call('GET', `${BASE}?nameFilter=*+2`)).json.data).toHaveLength(1);
});

test('a recovery token can be renamed', async () => {
  const here = await site();
  const token = await issue(here);
  const change = { Id: token.id, Name: 'Hamburg', expirationDate: '2026-03-01T00:00:00Z' };
  const { status, json } = await here.vbr.call('PUT', `${BASE}/${token.id ?? ''}`, change);
  expect(status).toBe(200);
  expect(json).toEqual({ ...token, name: 'Hamburg', expirationDate: '2026-03-01T00:00:00Z' });
});

test('a removed recovery token is gone', async () => {
  const here = await site();
  const path = `${BASE}/${(await issue(here)).id ?? ''}`;
  expect((await here.vbr.call('DELETE', path)).status).toBe(204);
  expect(await here.vbr.call('GET', path)).toMatchObject({ status: 404, json: { errorCode: 'NotFound' } });
});

test('the journal knows the token but not its secret', async () => {
  const here = await site();
  const token = await issue(here);
  expect(here.sim.journal).toMatchObject([{ system: 'vbr', call: `POST ${BASE}`, target: token.id }]);
  expect(JSON.stringify(here.sim.journal)).not.toContain(token.recoveryToken);
});

test('recovery tokens are answered as the specification says', async () => {
  const { call, sim } = await vbrSite();
  const backupIds = sim.world.scenario.vbr.agentBackups.map(({ id }) => id);
  const expirationDate = '2026-02-01T00:00:00Z';
  const { json } = await call('POST', BASE, { backupIds, expirationDate });
  const path = `${BASE}/${json.id ?? ''}`;
  const calls = [
    await call('GET', BASE),
    await call('GET', path),
    await call('PUT', path, { ...json, name: 'Hamburg' }),
    await call('POST', BASE, {}),
    await call('DELETE', path),
    await call('GET', path),
    await call('PUT', path, { ...json, name: 'Hamburg' }),
    await call('DELETE', path),
  ];
  expect(calls.map(({ status }) => status)).toEqual([200, 200, 200, 400, 204, 404, 404, 404]);
});

test('the id in the path is the one that is changed', async () => {
  const here = await site();
  const token = await issue(here);
  const other = { ...token, id: '11111111-1111-4111-8111-111111111111' };
  expect((await here.vbr.call('PUT', `${BASE}/${token.id ?? ''}`, other)).status).toBe(400);
});

test('logging in and out are answered as the specification says', async () => {
  const { call } = await vbrSite();
  const answers = [
    await call('POST', '/api/oauth2/token', new URLSearchParams({ grant_type: 'password' })),
    await call('POST', '/api/oauth2/authorization_code'),
    await call('POST', '/api/oauth2/logout'),
    await call('GET', '/api/v1/serverTime'),
    await call('GET', '/api/v1/serverInfo'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 200, 200, 200, 401]);
});
