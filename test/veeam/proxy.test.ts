import { afterEach, expect, test, vi } from 'vitest';
import { containing, failureOf, fakeVeeam, tokenEndpoint, vroClient } from './fake-server.ts';
import { CA, pin, serverTls } from './fixtures.ts';
import { proxyServer } from './proxy-server.ts';
import { PLAN_DETAILS, PLAN_ID } from './samples.ts';

afterEach(() => void vi.unstubAllEnvs());

const tls = serverTls('server');

const planServer = (secure: boolean) =>
  fakeVeeam(() => ({ json: PLAN_DETAILS }), tokenEndpoint().handler, secure ? tls : undefined);

test.each([
  ['http', false],
  ['https', true],
])('reads and commands to an %s server go through the proxy', async (_, secure) => {
  const server = await planServer(secure);
  const proxy = await proxyServer();
  const options = secure ? { tls: { ca: CA, pins: [pin(tls.cert)] } } : {};
  const vro = vroClient(server.url, { ...options, proxy, clientName: 'bank-dr/2.0' });

  await vro.runtimeDetails.plan(PLAN_ID);
  await vro.undo(PLAN_ID);

  const { host } = new URL(server.url);
  const ask = { authority: host, authorization: undefined, client: 'bank-dr/2.0' };
  expect(proxy.asked).toEqual(proxy.asked.map(() => ask));
  expect(proxy.asked.length).toBe(server.connections());
  expect(server.seen.map(({ headers }) => headers['user-agent'])).toEqual(Array(3).fill('bank-dr/2.0'));
});

test('the credentials go to the proxy and to nobody else', async () => {
  const server = await planServer(false);
  const proxy = await proxyServer();
  const authorization = async () => 'Basic cHJveHk6c2VjcmV0';

  await vroClient(server.url, { proxy: { url: proxy.url, authorization } }).runtimeDetails.plan(PLAN_ID);

  expect(new Set(proxy.asked.map((ask) => ask.authorization))).toEqual(new Set(['Basic cHJveHk6c2VjcmV0']));
  expect(server.seen.filter(({ headers }) => 'proxy-authorization' in headers)).toEqual([]);
});

test.each([
  [407, 'it wants other credentials', 1],
  [403, 'it does not allow this server', 1],
  [502, 'it cannot reach the server', 3],
])('a proxy that answers %i is veeam.proxy', async (status, meaning, attempts) => {
  const proxy = await proxyServer({ refuse: status });
  let fenced = 0;

  const error = await failureOf(
    vroClient('https://vro.example:9898', { proxy }).undo(PLAN_ID, { beforeSend: () => void (fenced += 1) }),
  );

  expect(error).toMatchObject({ code: 'veeam.proxy', effect: 'none', status, message: containing(meaning) });
  expect([proxy.asked.length, fenced]).toEqual([attempts, 0]);
});

test('a proxy that is away is not taken for the server', async () => {
  const vro = vroClient('https://vro.example', { proxy: { url: 'http://127.0.0.1:1' } });

  expect(await failureOf(vro.plan(PLAN_ID))).toMatchObject({
    code: 'veeam.proxy',
    message: containing('it could not be reached (ECONNREFUSED)'),
  });
});

test('a silent proxy ends with the time to connect', async () => {
  const proxy = await proxyServer({ silent: true });
  const vro = vroClient('https://vro.example', { proxy, timeouts: { connectMs: 50 } });

  expect(await failureOf(vro.plan(PLAN_ID))).toMatchObject({
    code: 'veeam.proxy',
    message: containing('ETIMEDOUT'),
  });
});

test('the tunnel of a command is open before its fence', async () => {
  const server = await planServer(false);
  const proxy = await proxyServer();
  const vro = vroClient(server.url, { proxy });
  await vro.runtimeDetails.plan(PLAN_ID);
  const before = proxy.asked.length;
  const order: number[] = [];

  await vro.undo(PLAN_ID, {
    beforeSend: () => void order.push(proxy.asked.length - before, server.to('/Undo').length),
  });

  expect(order).toEqual([1, 0]);
});

test('no proxy is taken from the environment', async () => {
  const server = await planServer(false);
  const proxy = await proxyServer();
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) vi.stubEnv(name, proxy.url);

  await vroClient(server.url).runtimeDetails.plan(PLAN_ID);

  expect(proxy.asked).toEqual([]);
});

test('a proxy url with a password is refused without being shown', () => {
  const configure = () => vroClient('https://vro.example', { proxy: { url: 'http://u:canary@proxy:3128' } });

  expect(configure).toThrow('proxy.url');
  expect(configure).not.toThrow('canary');
});
