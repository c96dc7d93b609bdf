import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen, type HttpServer } from '../../src/http/index.ts';
import { PASSWORD } from '../identity/door.ts';
import { appForTest, openTestApp, posted, RUN, type TestApp } from './app.ts';

let server: TestApp;
let http: HttpServer;
beforeAll(async () => {
  server = await openTestApp();
  http = await listen({ ...server.parts, requestLimitMs: 300 }, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await http.close();
  await server.close();
});

const codeOf = (body: string): string => (JSON.parse(body) as { code: string }).code;

describe('a page of a stranger', () => {
  const vote = (cookie: string, headers: object) =>
    server.app.inject({
      method: 'POST',
      url: `/api/v1/runs/${RUN}/votes`,
      headers: { cookie, ...headers },
      payload: { gate: 'go', decision: 'approve' },
    });

  test.each([
    ['from somewhere else', { origin: 'https://evil.example' }],
    ['from a sandbox', { origin: 'null' }],
    ['from nowhere', {}],
    ['from another port', { origin: 'http://localhost:81' }],
    ['over TLS, which we have not', { origin: 'https://localhost' }],
    ['from a neighbour', { origin: 'http://localhost', 'sec-fetch-site': 'same-site' }],
    ['from a frame', { 'sec-fetch-site': 'cross-site' }],
  ])('cannot use the cookie, %s', async (_where, headers) => {
    const cookie = `muster_session=${await server.login('dr-manager')}`;
    const { statusCode, body } = await vote(cookie, headers);
    expect([statusCode, codeOf(body)]).toEqual([403, 'http.foreignPage']);
  });

  test('of our own can', async () => {
    const cookie = `muster_session=${await server.login('dr-manager')}`;
    expect((await vote(cookie, { origin: 'http://localhost' })).statusCode).toBe(200);
  });

  test('cannot sign somebody in, or out', async () => {
    const evil = { origin: 'https://evil.example' };
    const form = { person: 'viewer', password: 'x', next: '/' };
    const answers = [
      await server.app.inject({ method: 'POST', url: '/sign-in', ...posted(form, evil) }),
      await server.app.inject({ method: 'POST', url: '/sign-out', ...posted({}, evil) }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403]);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'cannot send JSON as %s',
    async (type) => {
      const authorization = `Bearer ${await server.login('operator')}`;
      const { statusCode } = await server.app.inject({
        method: 'POST',
        url: '/api/v1/freezes',
        headers: { authorization, ...(type !== '' && { 'content-type': type }) },
        payload: '{"reason":"a test"}',
      });
      expect([415, 400]).toContain(statusCode);
    },
  );

  test.each([
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'x@localhost',
  ])('is not ours under the name %s', async (host) => {
    const { statusCode, body } = await server.app.inject({ url: '/sign-in', headers: { host } });
    expect([statusCode, codeOf(body)]).toEqual([421, 'http.foreignHost']);
  });

  test.each(['localhost', 'localhost:7800', '127.0.0.1:80', '[::1]:7800'])(
    'is ours under %s',
    async (host) => {
      expect((await server.app.inject({ url: '/sign-in', headers: { host } })).statusCode).toBe(200);
    },
  );
});

describe('a server with a public address', () => {
  const open = () => appForTest({ publicUrl: 'https://muster.example', host: '10.0.0.1', trustProxy: true });

  test('answers to that name only', async () => {
    const { app } = await open();
    const ask = async (host: string) => (await app.inject({ url: '/sign-in', headers: { host } })).statusCode;
    expect([await ask('muster.example'), await ask('localhost'), await ask('10.0.0.1')]).toEqual([
      200, 421, 421,
    ]);
  });

  test('sets cookies that travel over TLS only', async () => {
    const { app } = await open();
    const form = { person: 'viewer', password: PASSWORD, next: '/' };
    const { payload, headers } = posted(form, { origin: 'https://muster.example' });
    const answer = await app.inject({
      method: 'POST',
      url: '/sign-in',
      headers: { ...headers, host: 'muster.example' },
      payload,
    });
    expect(answer.cookies.find(({ name }) => name === '__Host-muster_session')).toMatchObject({
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
      path: '/',
    });
  });

  test('takes the address of a client from its own proxy, not from the client', async () => {
    const one = await open();
    await one.app.inject({
      method: 'POST',
      url: '/api/v1/sign-in',
      headers: { host: 'muster.example', 'x-forwarded-for': '203.0.113.9, 198.51.100.7' },
      payload: { person: 'viewer', password: 'wrong' },
    });
    const auditor = await one.identity.actorOf(await one.login('auditor'));
    const [failed] = await one.identity.events(auditor, { person: 'viewer' });
    expect(failed).toMatchObject({ kind: 'signInFailed', source: '198.51.100.7' });
  });
});

test('nobody says where they come from without a proxy', async () => {
  const one = await appForTest();
  await one.app.inject({
    method: 'POST',
    url: '/api/v1/sign-in',
    headers: { 'x-forwarded-for': '203.0.113.9' },
    payload: { person: 'viewer', password: 'wrong' },
  });
  const auditor = await one.identity.actorOf(await one.login('auditor'));
  const [failed] = await one.identity.events(auditor, { person: 'viewer' });
  expect(failed).toMatchObject({ kind: 'signInFailed', source: '127.0.0.1' });
});

test('forms of our pages say where they come from', async () => {
  const { headers } = await server.app.inject({ url: '/sign-in' });
  // With `no-referrer` a browser would send `Origin: null` with them.
  expect(headers['referrer-policy']).toBe('same-origin');
});

test('nothing is kept by caches, or shown in frames', async () => {
  const { headers } = await server.ask(await server.login('viewer'), 'GET', '/api/v1/me');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
});

describe('a body', () => {
  test.each([
    ['that is no JSON', '{"reason":'],
    ['with other names', '{"reason":"x","admin":true}'],
    ['of another type', '{"reason":7}'],
    ['that wants to be a prototype', '{"reason":"x","__proto__":{"admin":true}}'],
    ['that is a list', '[]'],
  ])('%s is refused', async (_what, payload) => {
    const { statusCode, body } = await server.app.inject({
      method: 'POST',
      url: '/api/v1/freezes',
      headers: {
        authorization: `Bearer ${await server.login('operator')}`,
        'content-type': 'application/json',
      },
      payload,
    });
    expect([statusCode, codeOf(body)]).toEqual([400, 'http.badRequest']);
  });

  test('of many megabytes is not read', async () => {
    const credential = await server.login('operator');
    const { statusCode, body } = await server.ask(credential, 'POST', '/api/v1/validate', {
      file: 'a',
      text: 'x'.repeat(5_000_000),
    });
    expect([statusCode, codeOf(body)]).toEqual([413, 'http.tooLarge']);
  });

  test('of a stranger is not read at all', async () => {
    const { statusCode } = await server.ask(undefined, 'POST', '/api/v1/validate', {
      text: 'x'.repeat(5_000_000),
    });
    expect(statusCode).toBe(401);
  });
});

describe('on the wire', () => {
  const { length } = 'a test';

  test.each([
    [
      'with two lengths of one body',
      `POST /api/v1/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    [
      'with a header of a megabyte',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(1_000_000)}\r\n\r\n`,
      431,
    ],
    ['without a host', 'GET /sign-in HTTP/1.1\r\n\r\n', 400],
    ['that is no HTTP', 'hello\r\n\r\n', 400],
    [
      'that never ends',
      'POST /api/v1/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{',
      408,
    ],
    ['whose headers never end', 'GET / HTTP/1.1\r\nHost: localhost\r\n', 408],
  ])('a request %s is ended', async (_what, bytes, status) => {
    const { hostname, port } = new URL(http.url);
    const socket = connect(Number(port), hostname);
    const answer: Buffer[] = [];
    socket.on('data', (data: Buffer) => answer.push(data));
    socket.on('error', () => undefined);
    socket.write(bytes);
    await once(socket, 'close');
    expect(Buffer.concat(answer).toString()).toContain(`HTTP/1.1 ${status} `);
  });

  test.each(['/%zz', '/api/v1/runs/%00', `/runs/${'x'.repeat(900)}`, '/..%2f..%2fetc/passwd'])(
    'the address %s is a mistake of whoever asks',
    async (path) => {
      const { status } = await fetch(`${http.url}${path}`);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    },
  );
});

describe('one address', () => {
  test('is answered 600 times a minute', async () => {
    const { app } = await appForTest();
    const ask = async () => (await app.inject({ url: '/sign-in' })).statusCode;
    const answers = [];
    for (let count = 0; count < 601; count += 1) answers.push(await ask());
    expect([answers[599], answers[600]]).toEqual([200, 429]);
  });
});
