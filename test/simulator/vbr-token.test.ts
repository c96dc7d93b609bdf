import { expect, test } from 'vitest';
import { startSimulator, virtualClock } from '../../src/simulator/index.ts';
import { onTestFinished } from 'vitest';
import type { Simulator, VirtualClock } from '../../src/simulator/index.ts';
import { logInVbr, send, XAPI } from './support.ts';

/** A simulator whose tokens expire by a clock of the test. */
async function server(): Promise<{ sim: Simulator; clock: VirtualClock }> {
  const clock = virtualClock();
  const sim = await startSimulator({ clock, tokenClock: clock });
  onTestFinished(() => sim.close());
  return { sim, clock };
}

async function codeOf(sim: Simulator): Promise<string> {
  const authorization = `Bearer ${(await logInVbr(sim)).json.access_token ?? ''}`;
  const url = `${sim.urls.vbr}/api/oauth2/authorization_code`;
  return String((await send(url, 'POST', undefined, { ...XAPI, authorization })).json['code']);
}

async function refreshAfter(form: Record<string, string>, minutes: number): Promise<number> {
  const { sim, clock } = await server();
  const refresh_token = (await logInVbr(sim, form)).json.refresh_token ?? '';
  clock.advance(minutes * 60_000);
  return (await logInVbr(sim, { grant_type: 'refresh_token', refresh_token })).status;
}

test('a refresh token lives for two weeks', async () => {
  expect(await refreshAfter({}, 14 * 24 * 60 - 1)).toBe(200);
  expect(await refreshAfter({}, 14 * 24 * 60)).toBe(401);
});

test('a short-term refresh token outlives its access token by a quarter', async () => {
  expect(await refreshAfter({ use_short_term_refresh: 'True' }, 29)).toBe(200);
  expect(await refreshAfter({ use_short_term_refresh: 'True' }, 30)).toBe(401);
});

test('a refreshed session stays short-term', async () => {
  const { sim, clock } = await server();
  const first = await logInVbr(sim, { use_short_term_refresh: 'true' });
  const grant_type = 'refresh_token';
  const next = await logInVbr(sim, { grant_type, refresh_token: first.json.refresh_token ?? '' });
  clock.advance(30 * 60_000);
  const last = await logInVbr(sim, { grant_type, refresh_token: next.json.refresh_token ?? '' });
  expect(last.status).toBe(401);
});

test('an authorization code logs in once', async () => {
  const { sim } = await server();
  const form = { grant_type: 'Authorization_Code', code: await codeOf(sim) };
  expect([(await logInVbr(sim, form)).status, (await logInVbr(sim, form)).status]).toEqual([200, 401]);
});

test('an old authorization code is worth nothing', async () => {
  const { sim, clock } = await server();
  const code = await codeOf(sim);
  clock.advance(61_000);
  expect((await logInVbr(sim, { grant_type: 'authorization_code', code })).status).toBe(401);
});

test('an authorization code is for those who are logged in', async () => {
  const { sim } = await server();
  const url = `${sim.urls.vbr}/api/oauth2/authorization_code`;
  expect((await send(url, 'POST', undefined, XAPI)).status).toBe(401);
});

test('a platform service logs in with its token', async () => {
  const { sim } = await server();
  const vbr_token = sim.world.scenario.vbr.serviceToken;
  expect((await logInVbr(sim, { grant_type: 'vbr_token', vbr_token })).status).toBe(200);
  expect((await logInVbr(sim, { grant_type: 'vbr_token', vbr_token: 'x' })).status).toBe(401);
});

test('an unknown grant type is refused', async () => {
  const { sim } = await server();
  expect(await logInVbr(sim, { grant_type: 'magic' })).toMatchObject({
    status: 400,
    json: { errorCode: 'UnexpectedContent' },
  });
});

test('an expired access token is called expired', async () => {
  const { sim, clock } = await server();
  const authorization = `Bearer ${(await logInVbr(sim)).json.access_token ?? ''}`;
  clock.advance(900_000);
  const answer = await send(`${sim.urls.vbr}/api/v1/sessions`, 'GET', undefined, { ...XAPI, authorization });
  expect(answer).toMatchObject({ status: 401, json: { errorCode: 'ExpiredToken' } });
});
