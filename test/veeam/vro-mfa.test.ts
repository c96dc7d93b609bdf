import { expect, onTestFinished, test } from 'vitest';
import type { PasswordCredentials, VroOptions } from '../../src/veeam/index.ts';
import { createVroClient } from '../../src/veeam/index.ts';
import type { Simulator } from '../../src/simulator/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { planInput, worldOf } from '../simulator/vro-scenarios.ts';
import { failureOf, fakeVeeam, vroClient } from './fake-server.ts';

const ANNA = { kind: 'password', username: 'VRO\\anna', password: () => 'Password2' } as const;

/** A VRO where anna has a second factor that is not set up yet, and bert has none. */
async function simulated(): Promise<Simulator> {
  const users = [
    { username: 'anna', password: 'Password2', mfa: {} },
    { username: 'bert', password: 'Password3' },
  ];
  const simulator = await startSimulator({ scenario: worldOf([planInput('PLAN')], { users }) });
  onTestFinished(() => simulator.close());
  return simulator;
}

function clientOf({ urls }: Simulator, credentials: VroOptions['credentials']) {
  const client = createVroClient({ connection: 'dr-site', url: urls.vro, credentials });
  onTestFinished(() => client.close());
  return client;
}

test('an account without a secret gets one, and logs in with it', async () => {
  const simulator = await simulated();
  const { mfaKey } = await clientOf(simulator, ANNA).mfa.generateCode();

  const enrolled: PasswordCredentials = { ...ANNA, totp: () => mfaKey };
  expect(await clientOf(simulator, enrolled).plans()).toMatchObject({ total: 1 });
});

test('a secret is made once', async () => {
  const vro = clientOf(await simulated(), ANNA);
  await vro.mfa.generateCode();

  expect(await failureOf(vro.mfa.generateCode())).toMatchObject({
    code: 'veeam.unauthorized',
    serverMessage: 'The MFA secret code has already been generated.',
  });
});

test('an account without a second factor is told so', async () => {
  const bert = { kind: 'password', username: 'bert', password: () => 'Password3' } as const;

  expect(await failureOf(clientOf(await simulated(), bert).mfa.generateCode())).toMatchObject({
    code: 'veeam.badInput',
    effect: 'none',
  });
});

test('a client account has no secret to make', async () => {
  const server = await fakeVeeam(() => ({}));
  const credentials = { kind: 'client', clientId: 'c', clientSecret: () => 's' } as const;

  expect(await failureOf(vroClient(server.url, { credentials }).mfa.generateCode())).toMatchObject({
    code: 'veeam.badInput',
  });
  expect(server.seen).toEqual([]);
});

test('an API version without the call logs nobody in', async () => {
  const server = await fakeVeeam(() => ({}));
  const vro = vroClient(server.url, { apiVersion: 'v7.2' });

  expect(await failureOf(vro.mfa.generateCode())).toMatchObject({ code: 'veeam.badInput' });
  expect(server.seen).toEqual([]);
});

test.each([
  ['what the login handed out', { access_token: 'half', mfa_token: 'm1' }, 'Bearer half'],
  ['no token, if it handed out none', { mfa_token: 'm1' }, undefined],
])('the call carries %s', async (_, json, authorization) => {
  const server = await fakeVeeam(
    () => ({ json: { mfaKey: 'HBIG4FZN' } }),
    () => ({ json }),
  );

  await vroClient(server.url).mfa.generateCode();

  const arrived = server.to('/GenerateMfaCode').map(({ headers, body }) => [headers.authorization, body]);
  expect(arrived).toEqual([[authorization, '{"mfaToken":"m1"}']]);
});

test('a refusal is final: nobody logs in again for it', async () => {
  const server = await fakeVeeam(
    () => ({ status: 401 }),
    () => ({ json: { mfa_token: 'm1' } }),
  );

  await failureOf(vroClient(server.url).mfa.generateCode());

  expect(server.seen.map(({ path }) => path)).toEqual(['/api/token', '/api/v7.21/Mfa/GenerateMfaCode']);
});

test('a given MFA token is used in the session of the connection', async () => {
  const server = await fakeVeeam(() => ({ json: { mfaKey: 'HBIG4FZN' } }));

  await vroClient(server.url).mfa.generateCode({ mfaToken: 'm2' });

  const [sent] = server.to('/GenerateMfaCode');
  expect([sent?.headers.authorization, sent?.body]).toEqual(['Bearer access-1', '{"mfaToken":"m2"}']);
});
