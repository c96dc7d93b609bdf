import { expect, test } from 'vitest';
import { probeServer } from '../../src/veeam/index.ts';
import type { ConnectionOptions } from '../../src/veeam/index.ts';
import { containing, fakeServer } from './fake-server.ts';
import { CA, pin, serverTls } from './fixtures.ts';
import { proxyServer } from './proxy-server.ts';

const tls = serverTls('server');

const probe = (url: string, options: Partial<ConnectionOptions> = {}) =>
  probeServer({ connection: 'dr-site', url, ...options });

const stepsOf = ({ steps }: Awaited<ReturnType<typeof probe>>) =>
  steps.map(({ step, ok, code }) => [step, ok, ...(code === undefined ? [] : [code])]);

test('a healthy server passes every step, and nothing of a login is sent', async () => {
  const server = await fakeServer(() => ({ status: 404 }), tls);

  const result = await probe(server.url, { tls: { ca: CA } });

  expect(result).toMatchObject({
    connection: 'dr-site',
    url: server.url,
    ok: true,
    addresses: ['127.0.0.1'],
  });
  expect(stepsOf(result)).toEqual([
    ['dns', true],
    ['tcp', true],
    ['tls', true],
    ['http', true],
  ]);
  expect(server.seen.map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual([
    ['GET', '/', undefined],
  ]);
});

test('the certificate is described', async () => {
  const server = await fakeServer(() => ({}), tls);

  const { certificate } = await probe(server.url, { tls: { ca: CA } });

  expect(certificate).toMatchObject({
    subject: 'CN=localhost',
    issuer: 'CN=Test CA',
    validFrom: '2020-01-01T00:00:00.000Z',
    validTo: '2120-01-01T00:00:00.000Z',
    pin: pin(tls.cert),
    trusted: true,
    chain: ['CN=localhost', 'CN=Test CA'],
  });
  expect(certificate?.daysLeft).toBeGreaterThan(10_000);
});

test('an expired certificate fails, is described all the same, and nothing is asked after it', async () => {
  const expired = serverTls('expired');
  const server = await fakeServer(() => ({}), expired);

  const result = await probe(server.url, { tls: { ca: CA } });

  expect(stepsOf(result)).toEqual([
    ['dns', true],
    ['tcp', true],
    ['tls', false, 'veeam.tls'],
  ]);
  expect(result).toMatchObject({ ok: false, certificate: { trusted: false, pin: pin(expired.cert) } });
  expect(result.certificate?.daysLeft).toBeLessThan(0);
  expect(result.steps.at(-1)?.detail).toContain('has expired');
  expect(server.seen).toEqual([]);
});

test('a key that is not pinned fails', async () => {
  const server = await fakeServer(() => ({}), tls);

  const result = await probe(server.url, { tls: { ca: CA, pins: [pin(serverTls('expired').cert)] } });

  expect(result.steps.at(-1)).toMatchObject({ step: 'tls', ok: false, detail: containing('pinned key') });
});

test('the clock of the server is compared with ours', async () => {
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  const server = await fakeServer(() => ({ headers: { date } }));

  const { clock } = await probe(server.url);

  expect(clock?.uncertaintyMs).toBeGreaterThanOrEqual(500);
  expect(Math.abs((clock?.skewMs ?? 0) - 3_600_000)).toBeLessThanOrEqual((clock?.uncertaintyMs ?? 0) + 1);
});

test('http has no step for TLS', async () => {
  const server = await fakeServer(() => ({}));

  expect(stepsOf(await probe(server.url)).map(([step]) => step)).toEqual(['dns', 'tcp', 'http']);
});

test('a name that nobody knows fails at dns', async () => {
  const result = await probe('https://no-such-host.invalid:9898');

  expect(stepsOf(result)).toEqual([['dns', false, 'veeam.unreachable']]);
  expect(result).toMatchObject({ ok: false, addresses: [], certificate: undefined, clock: undefined });
});

test('a closed port fails at tcp', async () => {
  expect(stepsOf(await probe('https://127.0.0.1:1'))).toEqual([
    ['dns', true],
    ['tcp', false, 'veeam.unreachable'],
  ]);
});

test('a server without TLS fails at tls, a silent one at http', async () => {
  const plain = await fakeServer(() => 'hang');
  const asTls = await probe(plain.url.replace('http:', 'https:'));
  const silent = await probe(plain.url, { timeouts: { headersMs: 100 } });

  expect(asTls.steps.at(-1)).toMatchObject({ step: 'tls', ok: false, code: 'veeam.tls' });
  expect(silent.steps.at(-1)).toMatchObject({ step: 'http', ok: false, code: 'veeam.timeout' });
});

test('behind a proxy the name and the connection are those of the proxy', async () => {
  const server = await fakeServer(() => ({}), tls);
  const proxy = await proxyServer();

  const good = await probe(server.url, { tls: { ca: CA }, proxy });
  const refused = await probe('https://vro.example:9898', { proxy: await proxyServer({ refuse: 403 }) });

  expect(good).toMatchObject({ ok: true, certificate: { trusted: true } });
  expect(stepsOf(refused)).toEqual([
    ['dns', true],
    ['tcp', false, 'veeam.proxy'],
  ]);
});

test('a probe can be stopped', async () => {
  const server = await fakeServer(() => 'hang');
  const controller = new AbortController();
  const probing = probeServer({ connection: 'dr-site', url: server.url }, { signal: controller.signal });
  await expect.poll(() => server.seen.length).toBe(1);

  controller.abort();

  expect((await probing).steps.at(-1)).toMatchObject({ step: 'http', ok: false, code: 'veeam.cancelled' });
});
