import { expect, test } from 'vitest';
import type { Scenario, VirtualClock } from '../../src/simulator/index.ts';
import { virtualClock } from '../../src/simulator/index.ts';
import { newSecret } from '../../src/simulator/vro/totp.ts';
import type { Answer, Site } from './support.ts';
import { ANY_TEXT, logIn, send, site } from './support.ts';
import { planInput, worldOf } from './vro-scenarios.ts';

/** The key of the examples in RFC 6238, and its codes: the last six of their eight digits. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const AT_1111111109 = '2005-03-18T01:58:29Z';
const CODE = '081804';

interface Place extends Site {
  readonly tokenClock: VirtualClock;
  readonly login: () => Promise<Answer>;
  readonly second: (answer: Answer, passcode?: string) => Promise<Answer>;
  readonly generate: (mfaToken: unknown) => Promise<Answer>;
}

async function place(mfa: { secret?: string } = { secret: SECRET }): Promise<Place> {
  const users = [{ username: 'anna', password: 'Password2', mfa }];
  const scenario: Scenario = worldOf([planInput('PLAN')], { users });
  const tokenClock = virtualClock({ start: AT_1111111109 });
  const here = await site({ scenario, tokenClock });
  return {
    ...here,
    tokenClock,
    login: () => logIn(here.sim, { username: 'VRO\\anna', password: 'Password2' }),
    second: (answer, passcode = CODE) =>
      logIn(here.sim, {
        grant_type: 'MFA',
        mfa_token: String(answer.json['mfa_token']),
        mfa_passcode: passcode,
      }),
    generate: (mfaToken) =>
      send(`${here.sim.urls.vro}/api/v7.21/Mfa/GenerateMfaCode`, 'POST', { MfaToken: mfaToken }),
  };
}

test('a password alone opens nothing', async () => {
  const { login, sim } = await place();
  const { status, json } = await login();
  expect({ status, json }).toEqual({
    status: 200,
    json: {
      access_token: ANY_TEXT,
      token_type: 'bearer',
      expires_in: 899,
      refresh_token: ANY_TEXT,
      mfa_token: ANY_TEXT,
      mfa_token_expires_in: 299,
    },
  });
  const headers = { authorization: `Bearer ${json.access_token ?? ''}` };
  const again = { grant_type: 'refresh_token', refresh_token: json.refresh_token ?? '' };
  expect([
    (await send(`${sim.urls.vro}/api/v7.21/Plans`, 'GET', undefined, headers)).status,
    (await logIn(sim, again)).status,
  ]).toEqual([401, 400]);
});

test('a passcode opens the door', async () => {
  const { login, second, sim } = await place();
  const { status, json } = await second(await login());
  const headers = { authorization: `Bearer ${json.access_token ?? ''}` };
  expect(status).toBe(200);
  expect((await send(`${sim.urls.vro}/api/v7.21/Plans`, 'GET', undefined, headers)).json.total).toBe(1);
});

test('a passcode is good once', async () => {
  const { login, second } = await place();
  await second(await login());
  expect((await second(await login())).json).toEqual({ error: 'invalid_grant' });
});

test.each([
  [-30, 200],
  [30, 200],
  [60, 400],
])('a passcode with a clock %d seconds off is answered %d', async (seconds, status) => {
  const { login, second, tokenClock } = await place();
  tokenClock.advance(seconds * 1000);
  expect((await second(await login())).status).toBe(status);
});

test.each(['000000', '81804', '', 'abcdef'])('the passcode "%s" is refused', async (passcode) => {
  const { login, second } = await place();
  expect((await second(await login(), passcode)).status).toBe(400);
});

test('a failed try leaves the MFA token good', async () => {
  const { login, second } = await place();
  const answer = await login();
  await second(answer, '000000');
  expect((await second(answer)).status).toBe(200);
});

test('an MFA token expires', async () => {
  const { login, generate, tokenClock } = await place({});
  const { json } = await login();
  tokenClock.advance(301_000);
  expect((await generate(json['mfa_token'])).status).toBe(401);
});

test('a user without a secret generates one, once', async () => {
  const { login, generate } = await place({});
  const { json } = await login();
  const first = await generate(json['mfa_token']);
  const key = String(first.json['mfaKey']);
  expect(key).toMatch(/^[A-Z2-7]{32}$/);
  expect(first.json['mfaQrCodeUrl']).toContain(`secret=${key}`);
  expect(await generate(json['mfa_token'])).toMatchObject({
    status: 401,
    json: { message: 'The MFA secret code has already been generated.' },
  });
});

test('before a secret is generated no passcode is good', async () => {
  const { login, second } = await place({});
  expect((await second(await login())).status).toBe(400);
});

test.each([
  [undefined, 400],
  ['', 400],
  ['made up', 401],
])('generating with the token %j is answered %d', async (token, status) => {
  const { generate } = await place({});
  expect((await generate(token)).status).toBe(status);
});

test('secrets are Base32 and differ', () => {
  const secrets = Array.from({ length: 20 }, newSecret);
  expect(secrets.every((secret) => /^[A-Z2-7]{32}$/.test(secret))).toBe(true);
  expect(new Set(secrets).size).toBe(20);
});
