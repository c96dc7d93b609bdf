import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createVbrClient, createVroClient, VEEAM_ERROR_CODES } from '../../src/veeam/index.ts';
import type { VeeamErrorCode } from '../../src/veeam/index.ts';
import { callerOf } from './caller.ts';
import { containing, failureOf, fakeVeeam, tokenEndpoint, vbrClient, vroClient } from './fake-server.ts';
import type { Answer, Handler } from './fake-server.ts';
import { serverTls } from './fixtures.ts';
import { PLAN_DETAILS, PLAN_ID, VM } from './samples.ts';

/** What a server may come back with: to every call but the login, or (`token`) to the login. */
const BAD: readonly (readonly [
  what: string,
  server: { api?: Answer; token?: Answer },
  code: VeeamErrorCode,
  said: string,
])[] = [
  [
    'a wrong password',
    { token: { status: 400, json: { error: 'invalid_grant' } } },
    'veeam.unauthorized',
    'secret',
  ],
  ['a wrong password (401)', { token: { status: 401 } }, 'veeam.unauthorized', 'user name and secret'],
  ['a locked account', { token: { status: 403 } }, 'veeam.forbidden', 'role'],
  ['a token that is refused', { api: { status: 401 } }, 'veeam.unauthorized', 'status 401'],
  ['no rights', { api: { status: 403 } }, 'veeam.forbidden', 'status 403'],
  ['an unknown version of VRO, or an unknown id', { api: { status: 404 } }, 'veeam.notFound', 'status 404'],
  [
    'an unknown version of VBR',
    {
      api: {
        status: 400,
        json: { errorCode: 'UnknownError', message: 'Unsupported x-api-version 1.9-rev9' },
      },
    },
    'veeam.version',
    'Set apiVersion',
  ],
  [
    'an unknown version of VBR at the login',
    {
      token: {
        status: 400,
        json: { errorCode: 'UnknownError', message: 'Unsupported x-api-version 1.9-rev9' },
      },
    },
    'veeam.version',
    'Set apiVersion',
  ],
  [
    'an unknown version of Veeam ONE',
    {
      api: {
        status: 400,
        json: {
          error: { code: 'UnsupportedApiVersion', message: "The API version '9.9' is not supported." },
        },
      },
    },
    'veeam.version',
    "The API version '9.9' is not supported.",
  ],
  [
    'HTML',
    { api: { text: '<html>', headers: { 'content-type': 'text/html' } } },
    'veeam.contract',
    'text/html',
  ],
  ['HTML at the login', { token: { text: '<html>' } }, 'veeam.contract', 'not whole JSON'],
  ['cut JSON', { api: { text: '{"state": "Rest' } }, 'veeam.contract', 'not whole JSON'],
  ['nothing', { api: { text: '' } }, 'veeam.contract', 'the body is empty'],
  [
    'a missing field',
    { api: { json: { ...PLAN_DETAILS, isStableState: undefined } } },
    'veeam.contract',
    'isStableState',
  ],
  [
    'a field of another type',
    { api: { json: { ...PLAN_DETAILS, isStableState: 'yes' } } },
    'veeam.contract',
    'isStableState',
  ],
  [
    'a login without a token',
    { token: { json: { token_type: 'bearer' } } },
    'veeam.contract',
    'access_token',
  ],
  [
    'a token that would break the header',
    { token: { json: { access_token: 'a\r\nb', expires_in: 9 } } },
    'veeam.contract',
    'not fit for a header',
  ],
  [
    'a redirect',
    { api: { status: 302, headers: { location: 'https://evil.example' } } },
    'veeam.redirected',
    'final address',
  ],
  ['a body above the limit', { api: { text: ' '.repeat(5_000_000) } }, 'veeam.tooLarge', 'limit'],
  ['an endless header', { api: { headers: { 'x-much': 'x'.repeat(20_000) } } }, 'veeam.tooLarge', 'limit'],
];

test.each(BAD)('%s is a typed error', async (_, { api, token }, code, said) => {
  const handler: Handler = token === undefined ? tokenEndpoint().handler : () => token;
  const server = await fakeVeeam(() => api ?? {}, handler);

  const error = await failureOf(vroClient(server.url).runtimeDetails.plan(PLAN_ID));

  expect(error).toMatchObject({ name: 'VeeamError', code, connection: 'dr-site', effect: 'none' });
  expect(error).toMatchObject({ message: containing(said) });
});

test('a revoked client is refused like a wrong password', async () => {
  const server = await fakeVeeam(
    () => ({}),
    () => ({ status: 400, json: { error: 'invalid_client' } }),
  );
  const credentials = { kind: 'client', clientId: 'c1', clientSecret: () => 's' } as const;

  expect(await failureOf(vroClient(server.url, { credentials }).plan(PLAN_ID))).toMatchObject({
    code: 'veeam.unauthorized',
    serverMessage: 'invalid_client',
  });
});

test('a self-signed certificate is refused', async () => {
  const server = await fakeVeeam(() => ({}), tokenEndpoint().handler, serverTls('self-signed'));

  expect(await failureOf(vroClient(server.url).plan(PLAN_ID))).toMatchObject({ code: 'veeam.tls' });
});

test('unknown values, fields and states are kept', async () => {
  const json = {
    ...PLAN_DETAILS,
    state: 'Quantum',
    planType: 'Teleport',
    executionState: 'Maybe',
    news: [1],
  };
  const server = await fakeVeeam(() => ({ json }));

  expect(await vroClient(server.url).runtimeDetails.plan(PLAN_ID)).toEqual(json);
});

test('one bad item of a page is named', async () => {
  const server = await fakeVeeam(() => ({ json: { total: 2, data: [VM, { ...VM, id: 7 }] } }));
  const { runtimeDetails } = vroClient(server.url);

  expect(await failureOf(runtimeDetails.groupVms(PLAN_ID, PLAN_ID))).toMatchObject({
    code: 'veeam.contract',
    message: containing('data.1.id'),
  });
});

const GIGABYTE = 1_000_000_000;

test('of a body of 1 GB no more than the limit is read', async () => {
  const piece = Buffer.alloc(64 * 1024, ' ');
  let sent = 0;
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.url?.endsWith('/token') === true) {
      response.end(JSON.stringify({ access_token: 'a', expires_in: 900 }));
      return;
    }
    const write = () => {
      while (sent < GIGABYTE && !response.destroyed) {
        sent += piece.length;
        if (!response.write(piece)) return;
      }
      response.end();
    };
    response.on('drain', write);
    write();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const before = memory();

  const error = await failureOf(
    callerOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).read({
      call: 'GET /huge',
      result: ({ text }) => text.length,
    }),
  );

  expect(error).toMatchObject({ code: 'veeam.tooLarge' });
  // Four MiB are allowed; the rest is what lies in the buffers of both ends.
  expect(sent).toBeLessThan(64_000_000);
  expect(memory() - before).toBeLessThan(100_000_000);
});

/** What this thread holds; the size of the whole process would count other tests as well. */
function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test.each<[string, () => unknown]>([
  ['a url with a path', () => createVroClient({ connection: 'x', url: 'https://vro/api', credentials })],
  ['a version that no VRO has', () => vroClient('https://vro', { apiVersion: 'v9' as 'v7.1' })],
  ['a version that no VBR has', () => vbrClient('https://vbr', { apiVersion: '9' as '1.1-rev0' })],
  ['a limit of zero', () => vroClient('https://vro', { limits: { connections: 0 } })],
  ['a client name with a line end', () => vroClient('https://vro', { clientName: 'a\r\nb' })],
  ['another scheme', () => createVbrClient({ connection: 'x', url: 'ftp://vbr', credentials })],
])('%s is refused before anything is sent', (_, configure) => {
  expect(configure).toThrow(expect.objectContaining({ code: 'veeam.badInput' }));
});

const credentials = { kind: 'password', username: 'u', password: () => 'p' } as const;

test('every code begins with veeam. and stands once', () => {
  expect(new Set(VEEAM_ERROR_CODES).size).toBe(VEEAM_ERROR_CODES.length);
  expect(VEEAM_ERROR_CODES.filter((code) => !/^veeam\.[a-z][A-Za-z]+$/.test(code))).toEqual([]);
});
