import { expect, test } from 'vitest';
import { ANY_TEXT, send } from './support.ts';
import { logInOne, oneClient, oneSite } from './one-support.ts';

test('a login answers tokens, user and role', async () => {
  const { sim } = await oneSite();
  const { status, json } = await logInOne(sim, { username: 'one-srv\\administrator' });
  expect(status).toBe(200);
  expect(json).toEqual({
    access_token: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/) as string,
    refresh_token: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    token_type: 'Bearer',
    expires_in: 899,
    user: 'ONE-SRV\\administrator',
    user_role: 'Admin',
  });
});

test('a login may come as multipart form', async () => {
  const { sim } = await oneSite();
  const body = new FormData();
  for (const [name, value] of Object.entries({ grant_type: 'password', ...sim.credentials })) {
    body.set(name, value);
  }
  const response = await fetch(`${sim.urls.one}/API/Token`, { method: 'POST', body });
  expect(response.status).toBe(200);
});

test('a torn multipart form is refused', async () => {
  const { sim } = await oneSite();
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  const answer = await send(`${sim.urls.one}/api/token`, 'POST', '--x\r\nnonsense', headers);
  expect(answer).toMatchObject({ status: 400, json: { status: 400 } });
});

test.each([
  ['a wrong password', { password: 'wrong' }, 'invalid_grant'],
  ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, 'invalid_grant'],
  ['an unknown grant', { grant_type: 'magic' }, 'unsupported_grant_type'],
])('%s is refused with a problem', async (_title, form, title) => {
  const { sim } = await oneSite();
  const { status, json, headers } = await logInOne(sim, form);
  expect(status).toBe(400);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(json).toEqual({ type: 'about:blank', title, status: 400, detail: ANY_TEXT, instance: '/api/token' });
});

test('a refresh token is for single use', async () => {
  const { sim } = await oneSite();
  const form = {
    grant_type: 'refresh_token',
    refresh_token: (await logInOne(sim)).json.refresh_token ?? '',
  };
  expect((await logInOne(sim, form)).status).toBe(200);
  expect((await logInOne(sim, form)).status).toBe(400);
});

test('revoking a token leaves the others', async () => {
  const { sim, one } = await oneSite();
  const token = (await logInOne(sim)).json.access_token ?? '';
  const headers = { authorization: `Bearer ${token}` };
  const revoked = await send(`${sim.urls.one}/api/revoke`, 'POST', new URLSearchParams({ token }), headers);
  expect(revoked).toMatchObject({ status: 200, text: '' });
  expect((await send(`${sim.urls.one}/api/v2.3/about`, 'GET', undefined, headers)).status).toBe(401);
  expect((await one.call('GET', '/about')).status).toBe(200);
});

test('revoking by the SID in the token ends all sessions', async () => {
  const { sim, one } = await oneSite();
  const token = (await logInOne(sim)).json.access_token ?? '';
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    string
  >;
  const sid = Object.entries(claims).find(([name]) => name.endsWith('/sid'))?.[1] ?? '';
  const body = new URLSearchParams({ UserSid: sid });
  await send(`${sim.urls.one}/api/revoke`, 'POST', body, { authorization: `Bearer ${token}` });
  expect((await one.call('GET', '/about')).status).toBe(401);
});

test('revoking needs a login and something to revoke', async () => {
  const { sim } = await oneSite();
  const headers = { authorization: `Bearer ${(await logInOne(sim)).json.access_token ?? ''}` };
  const url = `${sim.urls.one}/api/revoke`;
  expect((await send(url, 'POST', new URLSearchParams())).status).toBe(401);
  expect((await send(url, 'POST', new URLSearchParams({ token: 'x' }), headers)).status).toBe(400);
});

test('without a login nothing is shown', async () => {
  const { sim } = await oneSite();
  expect(await send(`${sim.urls.one}/api/v2.3/about`, 'GET')).toMatchObject({
    status: 401,
    json: { title: 'Unauthorized' },
  });
});

test.each([
  ['v2.2', 200],
  ['v2.3', 200],
  ['v2.1', 400],
  ['v3', 400],
])('the API version %s is answered with %d', async (version, status) => {
  const { sim } = await oneSite();
  expect((await (await oneClient(sim, version)).call('GET', '/about')).status).toBe(status);
});

test('a role that only reads may change nothing', async () => {
  const { one } = await oneSite({
    scenario: { name: 'reader', vro: { plans: [] }, one: { userRole: 'ReadonlyUser' } },
  });
  expect((await one.call('GET', '/alarms/triggeredAlarms')).status).toBe(200);
  expect(await one.call('POST', '/dataCollection/start')).toMatchObject({
    status: 403,
    json: { title: 'Forbidden' },
  });
});
