import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settingsFor } from '../identity/oidc-door.ts';
import { appForTest, openTestApp, posted, RUN, type TestApp } from './app.ts';

const VERIFIER = 'v'.repeat(43);
const ASKED = {
  port: '43210',
  state: 's'.repeat(43),
  challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
};
const HTML = { accept: 'text/html' };

let server: TestApp;
beforeAll(async () => (server = await openTestApp()));
afterAll(() => server.close());

const addressOf = (query: object): string =>
  `/sign-in/cli?${new URLSearchParams(query as Record<string, string>).toString()}`;
const cookieOf = async (one: TestApp, person: string): Promise<string> =>
  `muster_session=${await one.login(person)}`;
const open = async ({ app }: TestApp, url: string, cookie = '') =>
  app.inject({ url, headers: { ...HTML, cookie } });
const press = async (one: TestApp, form: Record<string, string>, cookie: string, origin?: string) =>
  one.app.inject({
    method: 'POST',
    url: '/sign-in/cli',
    ...posted(form, { cookie, ...(origin !== undefined && { origin }) }),
  });
const codeOf = (body: string): string => (JSON.parse(body) as { code: string }).code;

/** The code that the browser is sent to the command line with. */
async function handedOver(person: string): Promise<string> {
  const { headers } = await press(server, { ...ASKED, answer: 'yes' }, await cookieOf(server, person));
  return new URL(headers.location ?? '').searchParams.get('code') ?? '';
}
const redeem = (code: string, verifier = VERIFIER) =>
  server.app.inject({ method: 'POST', url: '/api/v1/sign-in/cli', payload: { code, verifier } });

describe('the page for the command line', () => {
  test('is reached by signing in first', async () => {
    const { statusCode, headers } = await open(server, addressOf(ASKED));
    expect([statusCode, headers.location]).toEqual([
      303,
      `/sign-in?next=${encodeURIComponent(addressOf(ASKED))}`,
    ]);
  });

  test('says who would be acted as, and asks for a yes', async () => {
    const { body } = await open(server, addressOf(ASKED), await cookieOf(server, 'viewer'));
    expect(body).toContain('muster on this computer asks to act as you</strong>, The viewer (viewer)');
    expect(body).toMatch(/<form method="post" action="\/sign-in\/cli">/);
  });

  test('makes nothing by being opened', async () => {
    const cookie = await cookieOf(server, 'viewer');
    const { statusCode, headers } = await open(server, addressOf({ ...ASKED, answer: 'yes' }), cookie);
    expect([statusCode, headers.location]).toEqual([200, undefined]);
  });

  test.each([
    ['a port of the system', { port: '80' }],
    ['a port that is none', { port: '65536' }],
    ['a port with a host', { port: '43210@evil.example' }],
    ['a fraction of a port', { port: '43210.5' }],
    ['no state', { state: '' }],
    ['a state that is markup', { state: '"><script>alert(1)</script>' }],
    ['a plain challenge', { challenge: 'plain' }],
  ])('is not shown for %s', async (_what, wrong) => {
    const cookie = await cookieOf(server, 'viewer');
    const shown = await open(server, addressOf({ ...ASKED, ...wrong }), cookie);
    const pressed = await press(server, { ...ASKED, ...wrong, answer: 'yes' }, cookie);
    expect([shown.statusCode, pressed.statusCode, pressed.headers.location]).toEqual([400, 400, undefined]);
  });

  test('is of no use where names are believed', async () => {
    const one = await appForTest({ trustLocal: true });
    const shown = await open(one, addressOf(ASKED), 'muster_local=operator');
    const pressed = await press(one, { ...ASKED, answer: 'yes' }, 'muster_local=operator');
    expect([shown.statusCode, pressed.statusCode]).toEqual([403, 403]);
  });
});

describe('the yes', () => {
  test('leads back to this machine and nowhere else', async () => {
    const cookie = await cookieOf(server, 'viewer');
    const elsewhere = { host: 'evil.example', redirect_uri: 'https://evil.example/', next: '//evil.example' };
    const { statusCode, headers } = await press(server, { ...ASKED, ...elsewhere, answer: 'yes' }, cookie);
    const { origin, pathname, searchParams } = new URL(headers.location ?? '');
    expect([statusCode, origin, pathname]).toEqual([303, 'http://127.0.0.1:43210', '/']);
    expect([...searchParams.keys(), searchParams.get('state')]).toEqual(['code', 'state', ASKED.state]);
  });

  test('counts from our own page only', async () => {
    const cookie = await cookieOf(server, 'viewer');
    const { statusCode, headers } = await press(
      server,
      { ...ASKED, answer: 'yes' },
      cookie,
      'https://evil.example',
    );
    expect([statusCode, headers.location]).toEqual([403, undefined]);
  });

  test('cannot be said by an API token', async () => {
    const actor = await server.identity.actorOf(await server.login('viewer'));
    const scope = { actions: ['run.list'] };
    const token = await server.identity.tokens.make(actor, { note: 'a test', scope, validMs: 60_000 });
    const answer = await server.app.inject({
      method: 'POST',
      url: '/sign-in/cli',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Bearer ${token.credential}`,
      },
      payload: new URLSearchParams({ ...ASKED, answer: 'yes' }).toString(),
    });
    expect([answer.statusCode, codeOf(answer.body)]).toEqual([403, 'identity.notAllowed']);
  });
});

test('a no is told to the command line, without a code', async () => {
  const { headers } = await press(server, { ...ASKED, answer: 'no' }, await cookieOf(server, 'viewer'));
  expect(headers.location).toBe(`http://127.0.0.1:43210/?error=access_denied&state=${ASKED.state}`);
});

describe('the code', () => {
  test('is redeemed for a session of the same person', async () => {
    const { statusCode, body } = await redeem(await handedOver('operator'));
    const { credential, ...told } = JSON.parse(body) as { credential: string };
    expect([statusCode, told]).toEqual([
      200,
      { person: 'operator', name: 'The operator', expiresAt: expect.any(Number) as number },
    ]);
    const me = await server.ask(credential, 'GET', '/api/v1/me');
    expect(JSON.parse(me.body)).toMatchObject({ person: 'operator', via: 'password' });
  });

  test('is refused the second time', async () => {
    const code = await handedOver('operator');
    await redeem(code);
    const { statusCode, body } = await redeem(code);
    expect([statusCode, codeOf(body)]).toEqual([400, 'identity.loginUnknown']);
  });

  test('is refused with another verifier', async () => {
    const { statusCode, body } = await redeem(await handedOver('operator'), 'w'.repeat(43));
    expect([statusCode, JSON.parse(body)]).toEqual([
      400,
      expect.objectContaining({
        code: 'identity.wrongVerifier',
        title: expect.stringContaining('Run muster login again.') as string,
      }),
    ]);
  });
});

describe('where forms may lead', () => {
  const formAction = async (one: TestApp, url: string, cookie = ''): Promise<string | undefined> => {
    const policy = (await open(one, url, cookie)).headers['content-security-policy'];
    return /form-action ([^;]+)/.exec(String(policy))?.[1];
  };
  const GATE = `/runs/${RUN}/gates/go`;

  test('is to us, where there is no identity provider', async () => {
    const cookie = await cookieOf(server, 'dr-manager');
    expect([await formAction(server, '/sign-in'), await formAction(server, GATE, cookie)]).toEqual([
      "'self'",
      "'self'",
    ]);
  });

  test('is also to the listener, on the page for the command line only', async () => {
    const cookie = await cookieOf(server, 'viewer');
    expect(await formAction(server, addressOf(ASKED), cookie)).toBe("'self' http://127.0.0.1:43210");
    expect(await formAction(server, '/', cookie)).toBe("'self'");
  });

  test.each([
    ['https://login.example/realms/company', "'self' https:"],
    ['http://127.0.0.1:9999/realms/company', "'self' http://127.0.0.1:9999"],
    ['http://localhost:9999', "'self' http://localhost:9999"],
  ])('is also to the identity provider %s', async (issuer, allowed) => {
    const one = await appForTest({ oidc: settingsFor(issuer) });
    const cookie = await cookieOf(one, 'dr-manager');
    expect(await formAction(one, GATE, cookie)).toBe(allowed);
  });
});

test('the server says what people can sign in with', async () => {
  const { body } = await server.app.inject({ url: '/api/v1/sign-in' });
  expect(JSON.parse(body)).toEqual({ password: true, provider: false });
});
