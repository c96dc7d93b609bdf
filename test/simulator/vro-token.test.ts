import { expect, test } from 'vitest';
import { virtualClock } from '../../src/simulator/index.ts';
import { ANY_TEXT, logIn, send, site } from './support.ts';

test('a password buys a pair of tokens', async () => {
  const { sim } = await site();
  const { status, json } = await logIn(sim);
  expect(status).toBe(200);
  expect(json).toEqual({
    access_token: ANY_TEXT,
    token_type: 'bearer',
    expires_in: 899,
    refresh_token: ANY_TEXT,
  });
});

test('any domain and any case of the grant type are accepted', async () => {
  const { sim } = await site();
  const { status } = await logIn(sim, {
    grant_type: 'PASSWORD',
    username: 'vro\\Administrator',
    refresh_token: ' ',
  });
  expect(status).toBe(200);
});

test('a wrong password is an invalid grant', async () => {
  const { sim } = await site();
  const { status, json } = await logIn(sim, { password: 'wrong' });
  expect({ status, json }).toEqual({ status: 400, json: { error: 'invalid_grant' } });
});

test('an unknown grant type is refused', async () => {
  const { sim } = await site();
  expect((await logIn(sim, { grant_type: 'kerberos' })).json).toEqual({ error: 'unsupported_grant_type' });
});

test('a client logs in with its secret and signs its commands', async () => {
  const { sim, idOf } = await site();
  const { id, secret } = sim.world.scenario.vro.client;
  const pair = await logIn(sim, { grant_type: 'client_credentials', client_id: id, client_secret: secret });
  await send(`${sim.urls.vro}/api/v7.2/Plans/${idOf('CRM')}/Disable`, 'POST', undefined, {
    authorization: `Bearer ${pair.json.access_token ?? ''}`,
  });
  expect(sim.journal).toMatchObject([{ target: 'CRM', by: id }]);
});

test('a refresh token works once', async () => {
  const { sim } = await site();
  const first = (await logIn(sim)).json.refresh_token ?? '';
  const again = { grant_type: 'refresh_token', refresh_token: first };
  expect((await logIn(sim, again)).status).toBe(200);
  expect((await logIn(sim, again)).status).toBe(400);
});

test('the older path /token is the same door', async () => {
  const { sim } = await site();
  const body = new URLSearchParams({
    grant_type: 'password',
    username: 'administrator',
    password: 'Password1',
  });
  expect((await send(`${sim.urls.vro}/Token`, 'POST', body)).status).toBe(200);
});

test('after logging out the tokens are void', async () => {
  const { sim } = await site();
  const { json } = await logIn(sim);
  const headers = { authorization: `Bearer ${json.access_token ?? ''}` };
  expect((await send(`${sim.urls.vro}/api/token`, 'DELETE', undefined, headers)).status).toBe(204);
  expect((await send(`${sim.urls.vro}/api/v7.21/Plans`, 'GET', undefined, headers)).status).toBe(401);
  expect(
    (await logIn(sim, { grant_type: 'refresh_token', refresh_token: json.refresh_token ?? '' })).status,
  ).toBe(400);
});

test('an access token expires after its lifetime', async () => {
  const tokenClock = virtualClock();
  const { vro } = await site({ tokenClock, tokenLifetimeSeconds: 60 });
  tokenClock.advance(59_999);
  expect((await vro.call('GET', '/Plans')).status).toBe(200);
  tokenClock.advance(1);
  const { status, json } = await vro.call('GET', '/Plans');
  expect({ status, json }).toEqual({ status: 401, json: { message: ANY_TEXT } });
});

test('nothing is shown without a token', async () => {
  const { sim } = await site();
  expect((await send(`${sim.urls.vro}/api/v7.21/Plans`, 'GET')).status).toBe(401);
});
