import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, routesOf, type TestApp } from './app.ts';

let server: TestApp;
beforeAll(async () => (server = await openTestApp()));
afterAll(() => server.close());

/** What is answered to whoever asks. */
const OPEN = new Set([
  'GET /health',
  'GET /style.css',
  'GET /api/v1/openapi.json',
  'GET /api/v1/sign-in',
  'POST /api/v1/sign-in',
  'POST /api/v1/sign-in/cli',
  'GET /sign-in',
  'POST /sign-in',
  'POST /sign-in/name',
  'GET /sign-in/emergency',
  'POST /sign-in/emergency',
  'POST /sign-out',
]);

const routes = () => routesOf(server.app).filter(({ method }) => method === 'GET' || method === 'POST');

test('no route is answered without identity', async () => {
  const closed = routes().filter(({ method, url }) => !OPEN.has(`${method} ${url}`));
  const answered = await Promise.all(
    closed.map(async ({ method, url }) => {
      const filled = url.replaceAll(/:\w+/g, 'x').replace('*', 'x');
      const { statusCode } = await server.ask(undefined, method as 'GET' | 'POST', filled);
      return `${method} ${url} ${statusCode}`;
    }),
  );
  expect(closed.length).toBeGreaterThan(30);
  expect(answered.filter((line) => !line.endsWith(' 401'))).toEqual([]);
});

test('the list of open routes names only what is there', () => {
  const there = routes().map(({ method, url }) => `${method} ${url}`);
  expect([...OPEN].filter((route) => !there.includes(route))).toEqual([]);
});

describe('who asks', () => {
  test('is known by a session', async () => {
    const credential = await server.login('viewer');
    const { body } = await server.ask(credential, 'GET', '/api/v1/me');
    expect(JSON.parse(body)).toMatchObject({ person: 'viewer', via: 'password', assurance: 'password' });
  });

  test.each([
    ['nonsense', 'nonsense'],
    ['an unknown session', `mss_abcdefghijkl_${'a'.repeat(43)}`],
    ['an unsigned JSON Web Token', `${encoded({ alg: 'none' })}.${encoded({ sub: 'admin' })}.`],
    ['a cookie with quotes', '";drop'],
  ])('is nobody by %s', async (_what, credential) => {
    const { statusCode, headers, body } = await server.ask(credential, 'GET', '/api/v1/me');
    expect([statusCode, headers['content-type'], (JSON.parse(body) as { code: string }).code]).toEqual([
      401,
      'application/problem+json; charset=utf-8',
      'identity.notSignedIn',
    ]);
  });

  test('is nobody by the name of a person, where names are not believed', async () => {
    const { statusCode } = await server.app.inject({
      url: '/api/v1/me',
      cookies: { muster_local: 'operator' },
    });
    expect(statusCode).toBe(401);
  });

  test('is nobody any more after signing out', async () => {
    const credential = await server.login('auditor');
    expect((await server.ask(credential, 'POST', '/api/v1/sign-out')).statusCode).toBe(204);
    expect((await server.ask(credential, 'GET', '/api/v1/me')).statusCode).toBe(401);
  });

  test('is out at once when revoked, with session and token', async () => {
    const credential = await server.login('author');
    const actor = await server.identity.actorOf(credential);
    const scope = { actions: ['run.list'] };
    const token = await server.identity.tokens.make(actor, { note: 'a test', scope, validMs: 60_000 });
    const admin = await server.identity.actorOf(await server.login('admin'));
    const ask = async (by: string) => (await server.ask(by, 'GET', '/api/v1/runs')).statusCode;
    expect([await ask(credential), await ask(token.credential)]).toEqual([200, 200]);
    await server.identity.revoke(admin, { person: 'author', reason: 'left' });
    expect([await ask(credential), await ask(token.credential)]).toEqual([401, 401]);
  });
});

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
