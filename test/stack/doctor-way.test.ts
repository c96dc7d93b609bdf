import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clockLine } from '../../src/stack/doctor/clock.ts';
import { networkLines } from '../../src/stack/doctor/network.ts';
import { containing, fakeVeeam, tokenEndpoint, type Handler } from '../veeam/fake-server.ts';
import { CA, pin, serverTls } from '../veeam/fixtures.ts';
import { caFile, checksOf, configOf, found, lineOf, PLANS, simulator, VERSION } from './doctor-support.ts';
import { tempFolder } from './helpers.ts';

test('the pin that the configuration takes is printed, unless one is configured', async () => {
  const tls = serverTls('server');
  const server = await fakeVeeam(() => PLANS, tokenEndpoint().handler, tls);
  const ca = [await caFile(CA)];

  const unpinned = await found({ kind: 'vro', url: server.url, tls: { ca, pins: [] } });
  const pinned = await found({ kind: 'vro', url: server.url, tls: { ca, pins: [pin(tls.cert)] } });

  expect(unpinned.lines.map(({ says }) => says)).toContain(
    `to pin its key: tls: { pins: ['${pin(tls.cert)}'] }`,
  );
  expect(unpinned.certificate).toMatchObject({ pin: pin(tls.cert), trusted: true });
  expect(pinned.lines.map(({ says }) => says)).toContain('a key of its chain is pinned');
});

test('a server of another product at the address is a wrong url', async () => {
  const { urls } = await simulator();

  const wrong = await Promise.all([
    found({ kind: 'vro', url: urls.vbr }),
    found({ kind: 'vbr', url: urls.one }),
    found({ kind: 'one', url: urls.app }),
  ]);

  expect(wrong.map((one) => lineOf(one, 'login')?.level)).toEqual(['bad', 'bad', 'bad']);
  expect(wrong.map((one) => lineOf(one, 'login')?.now)).toEqual([
    containing('usual port of this product is 9898'),
    containing('usual port of this product is 9419'),
    containing('usual port of this product is 1239'),
  ]);
});

test('a name that nobody knows is bad', async () => {
  const lost = await found({ kind: 'vro', url: 'https://no-such-host.invalid:9898' });

  expect(lost).toMatchObject({ reached: false });
  expect(checksOf(lost)).toEqual(['dns bad']);
  expect(lineOf(lost, 'dns')).toMatchObject({
    says: containing('the name no-such-host.invalid'),
    now: containing('Correct the host in url'),
  });
});

test.each([
  ['a self-signed certificate', 'self-signed', 'signed by itself'],
  ['an expired certificate', 'expired', 'has expired'],
  ['a certificate for another name', 'wrong-name', 'for another name'],
] as const)('%s is bad, and no password is sent', async (_, name, reason) => {
  const tls = serverTls(name);
  const server = await fakeVeeam(() => PLANS, tokenEndpoint().handler, tls);

  const untrusted = await found({ kind: 'vro', url: server.url, tls: { ca: [await caFile(CA)], pins: [] } });

  expect(untrusted).toMatchObject({ level: 'bad', reached: true, certificate: { pin: pin(tls.cert) } });
  expect(lineOf(untrusted, 'tls')?.says).toContain(reason);
  expect(lineOf(untrusted, 'tls')?.now).not.toBe('');
  expect(server.seen).toEqual([]);
});

test.each([
  [30, 'ok'],
  [29, 'warn'],
] as const)('a certificate with %i days left is %s', (daysLeft, level) => {
  const certificate = {
    subject: 'CN=vro',
    issuer: 'CN=CA',
    validFrom: '2026-01-01T00:00:00.000Z',
    validTo: '2027-01-01T00:00:00.000Z',
    daysLeft,
    pin: 'sha256/x',
    trusted: true,
    chain: ['CN=vro', 'CN=CA'],
  };
  const url = 'https://vro.example:9898';
  const connection = configOf({ 'dr-site': { kind: 'vro', url } }).connections.get('dr-site');
  if (connection === undefined) throw new Error('There is no connection.');

  const [line] = networkLines(connection, {
    connection: 'dr-site',
    url,
    ok: true,
    addresses: [],
    certificate,
    clock: undefined,
    steps: [{ step: 'tls', ok: true, ms: 3, detail: '' }],
  });

  expect(line).toMatchObject({
    level,
    says: containing(`trusted for ${daysLeft} more days (until 2027-01-01)`),
  });
});

test('an authority that cannot be read is a fault of the configuration', async () => {
  const file = join(await tempFolder(), 'nothing.pem');

  const wrong = await found({ kind: 'vro', url: 'https://127.0.0.1:1', tls: { ca: [file], pins: [] } });

  expect(wrong.lines).toMatchObject([{ check: 'config', level: 'bad', says: containing(file) }]);
});

/** Answers for one version of an API only, as the products do. */
const VERSIONED: Readonly<Record<'vro' | 'vbr' | 'one', { old: string; api: Handler; token?: Handler }>> = {
  vro: {
    old: 'v7.1',
    api: ({ path }) =>
      path.startsWith('/api/v7.1/') ? PLANS : { status: 404, json: { message: 'No resource' } },
  },
  vbr: {
    old: '1.1-rev0',
    api: () => ({ json: { vbrId: 'a', name: 'vbr', buildVersion: '12.0.0.1420' } }),
    token: (seen) =>
      seen.headers['x-api-version'] === '1.1-rev0'
        ? tokenEndpoint().handler(seen)
        : { status: 400, json: { message: 'Unknown x-api-version' } },
  },
  one: {
    old: 'v2.2',
    api: ({ path }) =>
      path.startsWith('/api/v2.2/')
        ? { json: { name: 'one', version: '12.1' } }
        : { status: 400, json: { title: 'Unsupported API version' } },
  },
};

test.each(['vro', 'vbr', 'one'] as const)(
  'a version that %s does not serve is bad, and one that it does is named',
  async (kind) => {
    const { old, api, token } = VERSIONED[kind];
    const server = await fakeVeeam(api, token);

    const outdated = await found({ kind, url: server.url });

    expect(lineOf(outdated, 'version')).toMatchObject({
      level: 'bad',
      says: containing(`${VERSION[kind]} is not served, but ${old}`),
      now: `Set apiVersion: ${old} for this connection.`,
    });
  },
);

test('a version that muster does not speak is a fault of the configuration', async () => {
  const { urls } = await simulator();

  const newer = await found({ kind: 'vro', url: urls.vro, apiVersion: 'v99' });

  expect(newer.lines).toMatchObject([
    { check: 'config', level: 'bad', says: containing('v7.1, v7.2, v7.21'), now: containing('muster.yaml') },
  ]);
});

test.each([
  [5_900, 'ok'],
  [-7_000, 'warn'],
  [60_900, 'warn'],
  [-62_000, 'bad'],
] as const)('a clock that is off by %i ms, give or take a second, is %s', (skewMs, level) => {
  expect(clockLine({ skewMs, uncertaintyMs: 1_000 }).level).toBe(level);
});

test('where answers bear no date, VBR is asked for its time', async () => {
  const serverTime = new Date(Date.now() - 600_000).toISOString();
  const server = await fakeVeeam(({ path }) => ({
    headers: { date: '' },
    json: {
      ...{ vbrId: 'a', name: 'vbr', buildVersion: '12.1', serverTime },
      ...{ data: [], pagination: { total: 0, count: 0 } },
      path,
    },
  }));

  const late = await found({ kind: 'vbr', url: server.url });

  expect(lineOf(late, 'clock')).toMatchObject({ level: 'bad', says: containing('behind ours') });
});
