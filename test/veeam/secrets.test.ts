import { inspect } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { VeeamError } from '../../src/veeam/index.ts';
import { TOTP_STEP_MS, totpCode } from '../../src/veeam/totp.ts';
import { writtenForms } from '../support/secret-search.ts';
import { callerOf } from './caller.ts';
import { failureOf, fakeVeeam, vbrClient, vroClient } from './fake-server.ts';
import type { Answer } from './fake-server.ts';
import { proxyServer } from './proxy-server.ts';
import { PLAN_ID, RECOVERY_TOKEN } from './samples.ts';

const PASSWORD = 'canary+pass word/ä"1';
const SECRET = 'canary-client-secret==';
const ACCESS = 'canary-access-token';
const REFRESH = 'canary-refresh+token=';
const RECOVERY = 'canary-recovery-token';

afterEach(() => void vi.useRealTimers());

/** Everything a log, a console or a report could print of an error. */
function printed(error: unknown): string {
  const own = error instanceof Error ? [error.message, error.stack, String(error.cause)] : [];
  return [inspect(error, { depth: Infinity, showHidden: true }), JSON.stringify(error), ...own].join('\n');
}

const loggedIn = { json: { access_token: ACCESS, refresh_token: REFRESH, expires_in: 900 } };

/** Whether a text holds one of these, in whatever form. */
function holds(text: string, ...secrets: readonly string[]): boolean {
  return secrets.flatMap(writtenForms).some((form) => text.includes(form));
}

/** The ways in which a server may hand a secret back. */
const ECHOES: readonly ((secret: string) => Answer)[] = [
  (secret) => ({ status: 400, json: { message: `bad value ${secret}!` } }),
  (secret) => ({ status: 400, json: { message: `bad form ${new URLSearchParams({ secret }).toString()}` } }),
  (secret) => ({ status: 400, json: { message: `bad body ${JSON.stringify({ secret })}` } }),
  (secret) => ({
    status: 400,
    json: { message: `bad URL ${encodeURIComponent(secret).replaceAll(/%../g, (one) => one.toLowerCase())}` },
  }),
  (secret) => ({
    status: 400,
    json: { message: `bad page ${secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}` },
  }),
  ...['', 'a', 'ab'].map((before) => (secret: string): Answer => ({
    status: 400,
    json: { message: `bad bytes ${Buffer.from(`${before}${secret}&`).toString('base64')}` },
  })),
  (secret) => ({ status: 400, json: { message: `bad bytes ${Buffer.from(secret).toString('hex')}` } }),
  (secret) => ({ status: 500, text: `<html>${secret}</html>` }),
  (secret) => ({ text: `{"recoveryToken": "${secret}` }),
  (secret) => ({ text: `{"access_token": "${secret}"} trailing` }),
  (secret) => ({ json: { access_token: [secret], recoveryToken: { secret }, id: { secret } } }),
  (secret) => ({ json: { access_token: `${secret}\r\n`, expires_in: 1 } }),
  (secret) => ({ status: 302, headers: { location: `/?${encodeURIComponent(secret)}` } }),
  (secret) => ({ text: secret, torn: true }),
];

test('no error repeats the password or client secret that a login echoes', async () => {
  const texts: string[] = [];
  for (const echo of ECHOES) {
    for (const secret of [PASSWORD, SECRET]) {
      const server = await fakeVeeam(
        () => ({}),
        () => echo(secret),
      );
      const credentials =
        secret === SECRET
          ? ({ kind: 'client', clientId: 'c', clientSecret: () => SECRET } as const)
          : ({ kind: 'password', username: 'u', password: async () => PASSWORD } as const);
      texts.push(printed(await failureOf(vroClient(server.url, { credentials }).plan(PLAN_ID))));
    }
  }

  expect(texts.filter((text) => holds(text, 'canary'))).toEqual([]);
  expect(texts).toHaveLength(2 * ECHOES.length);
});

test('no error repeats an access, refresh or recovery token', async () => {
  const texts: string[] = [];
  for (const echo of ECHOES) {
    for (const secret of [ACCESS, REFRESH, RECOVERY]) {
      const server = await fakeVeeam(
        () => echo(secret),
        () => loggedIn,
      );
      const change = { ...RECOVERY_TOKEN, recoveryToken: RECOVERY };
      texts.push(printed(await failureOf(vbrClient(server.url).recoveryTokens.update(change))));
      texts.push(printed(await failureOf(vroClient(server.url).plan(PLAN_ID))));
    }
  }

  expect(texts.filter((text) => holds(text, 'canary-access', 'canary-refresh'))).toEqual([]);
  // Only the VBR client (every other text) ever saw the recovery token; nobody can know a secret never seen.
  expect(texts.filter((text, index) => index % 2 === 0 && holds(text, RECOVERY))).toEqual([]);
});

const TOTP_SECRET = 'CANARYCANARYCANARYCANARY';
const MFA_TOKEN = 'canary-mfa-token';

test('no error repeats the secret, the passcode or the token of a second factor', async () => {
  // The clock stands, so that the passcode is known, and just before the next one, for which a repeat waits.
  const step = 60_000_000;
  vi.useFakeTimers({ toFake: ['Date'], now: (step + 1) * TOTP_STEP_MS - 1 });
  const passcode = totpCode(TOTP_SECRET, step);
  const texts: string[] = [];
  for (const echo of ECHOES) {
    for (const secret of [TOTP_SECRET, MFA_TOKEN, passcode]) {
      const server = await fakeVeeam(
        () => ({}),
        ({ form }) => (form.get('grant_type') === 'mfa' ? echo(secret) : { json: { mfa_token: MFA_TOKEN } }),
      );
      const totp = () => TOTP_SECRET;
      const credentials = { kind: 'password', username: 'u', password: () => PASSWORD, totp } as const;
      texts.push(printed(await failureOf(vroClient(server.url, { credentials }).plan(PLAN_ID))));
    }
  }

  expect(texts.filter((text) => /canary/i.test(text) || holds(text, 'CANARY', 'canary', passcode))).toEqual(
    [],
  );
  expect(texts).toHaveLength(3 * ECHOES.length);
});

test('no error repeats an authorization code or a platform token', async () => {
  const texts: string[] = [];
  for (const echo of ECHOES) {
    const server = await fakeVeeam(
      () => ({}),
      ({ form }) => echo(form.get('code') ?? form.get('vbr_token') ?? ''),
    );
    for (const credentials of [
      { kind: 'authorizationCode', code: () => 'canary+code=' },
      { kind: 'vbrToken', token: async () => 'canary.vbr/token' },
    ] as const) {
      const caller = callerOf(server.url, { credentials });
      texts.push(printed(await failureOf(caller.read({ call: 'GET /x', result: () => 1 }))));
    }
  }

  expect(texts.filter((text) => holds(text, 'canary'))).toEqual([]);
});

test.each([407, 502])('no error repeats the credentials of a proxy that answers %i', async (refuse) => {
  const basic = Buffer.from('canary-user:canary-password').toString('base64');
  const proxy = await proxyServer({ refuse });
  const authorization = () => `Basic ${basic}`;

  const vro = vroClient('https://vro.example', { proxy: { url: proxy.url, authorization } });
  const text = printed(await failureOf(vro.plan(PLAN_ID)));

  expect(proxy.asked[0]?.authorization).toBe(`Basic ${basic}`);
  expect(text).not.toMatch(new RegExp(`canary|${basic}`));
});

test('what the server behind a proxy knows of its credentials is hidden', async () => {
  const server = await fakeVeeam(() => ({ status: 400, json: { message: 'for canary-password, no' } }));
  const proxy = await proxyServer();
  const authorization = () => `Basic ${Buffer.from('u:canary-password').toString('base64')}`;

  const vro = vroClient(server.url, { proxy: { url: proxy.url, authorization } });

  expect(await failureOf(vro.plan(PLAN_ID))).toMatchObject({ serverMessage: 'for [hidden], no' });
});

test('the error of an open circuit keeps the secrets of the last failure', async () => {
  const server = await fakeVeeam(
    () => ({ text: ACCESS, torn: true }),
    () => loggedIn,
  );
  const vro = vroClient(server.url, { limits: { circuitFailures: 1, backoffMs: 1 } });
  await failureOf(vro.undo(PLAN_ID));

  const error = await failureOf(vro.undo(PLAN_ID));

  expect(error).toMatchObject({ code: 'veeam.circuitOpen' });
  expect(printed(error)).not.toContain('canary');
});

test('a created recovery token is not repeated by later errors', async () => {
  const answers: Answer[] = [
    { json: { ...RECOVERY_TOKEN, recoveryToken: RECOVERY } },
    { status: 400, json: { message: `token ${RECOVERY} is in use` } },
  ];
  const server = await fakeVeeam(
    () => answers.shift() ?? 'drop',
    () => loggedIn,
  );
  const { recoveryTokens } = vbrClient(server.url);
  await recoveryTokens.create({
    backupIds: [RECOVERY_TOKEN.id],
    expirationDate: RECOVERY_TOKEN.expirationDate,
  });

  expect(await failureOf(recoveryTokens.remove(RECOVERY_TOKEN.id))).toMatchObject({
    serverMessage: 'token [hidden] is in use',
  });
});

test.each([
  ['as it is', 1],
  ['escaped', 2],
])('a secret that was never seen is hidden in JSON that a message quotes, %s', async (_, times) => {
  const quoted = JSON.stringify({ id: 'kept', recoveryToken: RECOVERY, name: 'kept, too' });
  const message = times === 1 ? `after ${quoted}` : `after ${JSON.stringify(quoted)}`;
  const server = await fakeVeeam(() => ({ status: 400, json: { message } }));

  const text = printed(await failureOf(vbrClient(server.url).recoveryTokens.remove(RECOVERY_TOKEN.id)));

  expect(text).toMatch(/kept.*\[hidden\].*kept, too/);
  expect(text).not.toContain(RECOVERY);
});

test('the words of the server are one short line', async () => {
  const message = `first\r\nsecond \u001b[31mred\u202e${'x'.repeat(1_000)}`;
  const server = await fakeVeeam(() => ({ status: 400, json: { message } }));

  const error = await failureOf(vroClient(server.url).undo(PLAN_ID));
  const said = error instanceof VeeamError ? (error.serverMessage ?? '') : '';

  expect(said).toMatch(/^first second \[31mred x+…$/);
  expect(said).toHaveLength(300);
});

test('errors show the template of the path, never the id', async () => {
  const server = await fakeVeeam(() => ({ status: 404 }));

  expect(printed(await failureOf(vroClient(server.url).undo(PLAN_ID)))).not.toContain(PLAN_ID);
});
