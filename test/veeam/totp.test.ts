import { afterEach, expect, test, vi } from 'vitest';
import { TotpSecretError, totpCode, totpStep } from '../../src/veeam/totp.ts';
import { containing, failureOf, fakeVeeam, tokenEndpoint, vroClient } from './fake-server.ts';
import type { Handler } from './fake-server.ts';
import { PLAN_DETAILS, PLAN_ID } from './samples.ts';

/** The secret of RFC 6238, appendix B: the ASCII text 12345678901234567890. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

afterEach(() => void vi.useRealTimers());

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at second %i the passcode is the one of the RFC', (second, passcode) => {
  expect(totpCode(SECRET, totpStep(second * 1_000))).toBe(passcode);
});

test.each([
  ['lower case', SECRET.toLowerCase()],
  ['groups', 'gezd gnbv gy3t qojq gezd gnbv gy3t qojq'],
  ['dashes and a line end', 'GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ\n'],
  ['padding', `${SECRET}====`],
])('a secret in %s is the same', (_, secret) => {
  expect(totpCode(secret, 1)).toBe('287082');
});

test.each([
  ['a digit that base32 lacks', 'GEZDGNBVGY3TQOJ1'],
  ['a passcode instead of a secret', '287082'],
  ['nothing', ''],
  ['too little', 'GEZDGNBV'],
])('a secret with %s is refused without being shown', (_, secret) => {
  const failure = () => totpCode(secret, 1);

  expect(failure).toThrow(TotpSecretError);
  if (secret !== '') expect(failure).not.toThrow(secret);
});

/** A server of which the account has a second factor. */
async function mfaServer(mfa: Handler = tokenEndpoint().handler) {
  return fakeVeeam(
    () => ({ json: PLAN_DETAILS }),
    (seen) => {
      if (seen.form.get('grant_type') === 'mfa') return mfa(seen);
      return { json: { mfa_token: 'half-way', mfa_token_expires_in: 300 } };
    },
  );
}

const withTotp = (totp: () => string | Promise<string>, options = {}) => ({
  credentials: { kind: 'password', username: 'dr\\muster', password: () => 'Password1', totp } as const,
  ...options,
});

test('a login with a second factor sends the passcode', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 59_000 });
  const server = await mfaServer();

  await vroClient(
    server.url,
    withTotp(async () => SECRET),
  ).runtimeDetails.plan(PLAN_ID);

  expect(server.to('/token').map(({ form }) => Object.fromEntries(form))).toEqual([
    { grant_type: 'password', username: 'dr\\muster', password: 'Password1' },
    { grant_type: 'mfa', mfa_token: 'half-way', mfa_passcode: '287082' },
  ]);
});

test('a passcode is sent once; the next login waits for the next one', async () => {
  // 20 ms before the passcode changes.
  vi.useFakeTimers({ toFake: ['Date'], now: 59_980 });
  const server = await mfaServer(tokenEndpoint({ expiresIn: 0.000_001 }).handler);
  const vro = vroClient(
    server.url,
    withTotp(() => SECRET),
  );
  await vro.runtimeDetails.plan(PLAN_ID);
  await vro.logout();

  await vro.runtimeDetails.plan(PLAN_ID);

  expect(
    server
      .to('/token')
      .map(({ form }) => form.get('mfa_passcode'))
      .filter((passcode) => passcode !== null),
  ).toEqual(['287082', totpCode(SECRET, 2)]);
});

test('waiting for the next passcode ends with the call', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 31_000 });
  const server = await mfaServer();
  const vro = vroClient(
    server.url,
    withTotp(() => SECRET, { timeouts: { totalMs: 2_000 } }),
  );
  await vro.runtimeDetails.plan(PLAN_ID);
  await vro.logout();

  expect(await failureOf(vro.runtimeDetails.plan(PLAN_ID))).toMatchObject({ code: 'veeam.timeout' });
  expect(server.to('/token').filter(({ form }) => form.has('mfa_passcode'))).toHaveLength(1);
});

test('without a secret the error says what to configure', async () => {
  const server = await mfaServer();

  expect(await failureOf(vroClient(server.url).plan(PLAN_ID))).toMatchObject({
    code: 'veeam.unauthorized',
    message: containing('Configure the secret of its authenticator (totp)'),
  });
});

test('a refused passcode says what to check, and is sent once', async () => {
  const server = await mfaServer(() => ({ status: 400, json: { error: 'invalid_grant' } }));

  expect(
    await failureOf(
      vroClient(
        server.url,
        withTotp(() => SECRET),
      ).plan(PLAN_ID),
    ),
  ).toMatchObject({
    code: 'veeam.unauthorized',
    message: containing('clock of this machine'),
  });
  expect(server.to('/token')).toHaveLength(2);
});

test('a secret that is none is bad input, and no passcode is sent', async () => {
  const server = await mfaServer();

  expect(
    await failureOf(
      vroClient(
        server.url,
        withTotp(() => 'nonsense!'),
      ).plan(PLAN_ID),
    ),
  ).toMatchObject({
    code: 'veeam.badInput',
    message: containing('not base32'),
  });
  expect(server.to('/token')).toHaveLength(1);
});
