import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { DoctorCheck, DoctorConnection, DoctorReport } from '../../src/cli/doctor-report.ts';
import { resolveSecret, type Config, type ConnectionConfig } from '../../src/config/index.ts';
import { demoScenario, startSimulator, type SimulatorOptions } from '../../src/simulator/index.ts';
import { clockLine } from '../../src/stack/doctor/clock.ts';
import { examine, type ExamineOptions } from '../../src/stack/doctor/examine.ts';
import { networkLines } from '../../src/stack/doctor/network.ts';
import { runDoctor } from '../../src/stack/doctor/run-doctor.ts';
import { writeStackFile } from '../../src/stack/stack-file.ts';
import { containing, fakeVeeam, tokenEndpoint, type Handler } from '../veeam/fake-server.ts';
import { CA, pin, serverTls } from '../veeam/fixtures.ts';
import { errorOf, tempFolder } from './helpers.ts';

const PASSWORD = 'Password1';
const VERSION = { vro: 'v7.21', vbr: '1.1-rev1', one: 'v2.3' } as const;

type Given = Pick<ConnectionConfig, 'kind' | 'url'> & Partial<ConnectionConfig>;

/** A configuration with these connections; their password is in the environment. */
function configOf(connections: Readonly<Record<string, Given>>): Config {
  return {
    connections: new Map(
      Object.entries(connections).map(([name, given]) => [
        name,
        {
          name,
          apiVersion: VERSION[given.kind],
          credentials: { username: 'EXAMPLE\\administrator', password: { env: 'DR_PASSWORD' } },
          pollMs: 250,
          effectLagMs: 1_000,
          ...given,
        },
      ]),
    ),
    people: new Map(),
    drill: { allow: [] },
    unattended: [],
    checks: { allow: [] },
    secretOf: async (ref) => resolveSecret(ref, { DR_PASSWORD: PASSWORD, OTHER_PASSWORD: 'hunter2-hunter2' }),
  };
}

async function simulator(options?: SimulatorOptions) {
  const running = await startSimulator(options);
  onTestFinished(() => running.close());
  return running;
}

/** What is found at one connection. */
async function found(given: Given, options?: ExamineOptions): Promise<DoctorConnection> {
  const { connections } = await examine(configOf({ 'dr-site': given }), options);
  const [only] = connections;
  if (only === undefined) throw new Error('Nothing was examined.');
  return only;
}

const lineOf = ({ lines }: DoctorConnection, check: DoctorCheck) =>
  lines.find((line) => line.check === check);
const checksOf = ({ lines }: DoctorConnection) => lines.map(({ check, level }) => `${check} ${level}`);

/** The certificates of the fixtures as files, because the configuration names files. */
async function caFile(pem: string): Promise<string> {
  const file = join(await tempFolder(), 'ca.pem');
  await writeFile(file, pem);
  return file;
}

const PLANS = { json: { total: 0, data: [] } };

test('a healthy server of each product passes every check', async () => {
  const { urls, tls } = await simulator({ tls: true });
  const trust = { tls: { ca: [await caFile(tls?.ca ?? '')], pins: [] } };

  const report = await examine(
    configOf({
      'dr-site': { kind: 'vro', url: urls.vro, ...trust },
      'dr-backup': { kind: 'vbr', url: urls.vbr, ...trust },
      hq: { kind: 'one', url: urls.one, ...trust },
    }),
  );

  expect(report).toMatchObject({ level: 'ok', own: [] });
  const way = ['dns ok', 'tcp ok', 'tls ok', 'tls ok', 'login ok', 'version ok', 'role ok'];
  expect(report.connections.map(checksOf)).toEqual([
    [...way, 'scope ok', 'read ok', 'token ok', 'clock ok'],
    [...way, 'read ok', 'token ok', 'clock ok'],
    [...way, 'read ok', 'token ok', 'clock ok'],
  ]);
});

test('what a healthy server is, and as whom it is used, is told', async () => {
  const { urls } = await simulator();

  const vro = await found({ kind: 'vro', url: urls.vro });
  const vbr = await found({ kind: 'vbr', url: urls.vbr });
  const one = await found({ kind: 'one', url: urls.one });

  expect(lineOf(vro, 'login')?.says).toBe('as EXAMPLE\\administrator with a password');
  expect(lineOf(vro, 'role')?.says).toContain('DRSiteAdmin');
  expect(lineOf(vro, 'scope')?.says).toMatch(/^\d+ plans seen in scope Admin Scope; .* fewer, silently$/);
  expect(lineOf(vbr, 'version')?.says).toMatch(/build 12\./);
  expect(lineOf(one, 'role')?.says).toBe('Admin');
  expect(lineOf(vro, 'tls')?.says).toContain('http:// on this machine itself');
});

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

test('what was logged into is logged out of', async () => {
  const server = await fakeVeeam(() => PLANS);

  await found({ kind: 'vro', url: server.url });

  expect(server.seen.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/token' });
});

test('a wrong password is sent once, and its place is named but never its value', async () => {
  const { urls } = await simulator();
  const credentials = { username: 'administrator', password: { env: 'OTHER_PASSWORD' } };

  const report = await examine(configOf({ 'dr-site': { kind: 'vro', url: urls.vro, credentials } }));
  const [connection] = report.connections;

  expect(connection?.lines.find(({ check }) => check === 'login')).toMatchObject({
    level: 'bad',
    says: containing('does not accept the credentials'),
    now: containing('password from the environment variable OTHER_PASSWORD'),
  });
  expect(connection?.reached).toBe(true);
  expect(JSON.stringify(report)).not.toContain('hunter2');
});

test('a refused login is not tried a second time', async () => {
  const server = await fakeVeeam(
    () => PLANS,
    () => ({ status: 400, json: { error: 'invalid_grant' } }),
  );

  await found({ kind: 'vro', url: server.url });

  expect(server.to('/token')).toHaveLength(1);
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

test('a dead server does not keep the others from being examined', async () => {
  const { urls } = await simulator();

  const { level, connections } = await examine(
    configOf({
      dead: { kind: 'vbr', url: 'https://127.0.0.1:1' },
      alive: { kind: 'vbr', url: urls.vbr },
    }),
  );

  expect(level).toBe('bad');
  expect(connections).toMatchObject([
    { name: 'dead', level: 'bad', reached: false },
    { name: 'alive', level: 'ok', reached: true },
  ]);
  expect(connections.map(checksOf)[0]).toEqual(['dns ok', 'tcp bad']);
});

test('a name that nobody knows is bad', async () => {
  const lost = await found({ kind: 'vro', url: 'https://no-such-host.invalid:9898' });

  expect(lost).toMatchObject({ reached: false });
  expect(checksOf(lost)).toEqual(['dns bad']);
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

test('a server whose clock is an hour ahead is bad', async () => {
  const { urls } = await simulator({ clock: { now: () => Date.now() + 3_600_000 } });

  const early = await found({ kind: 'vro', url: urls.vro });

  expect(lineOf(early, 'clock')).toMatchObject({
    level: 'bad',
    says: containing('ahead of ours'),
    now: containing('NTP'),
  });
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

test('a secret that is missing is named, and the way to the server is looked at all the same', async () => {
  const server = await fakeVeeam(() => PLANS);
  const credentials = { username: 'svc', password: { env: 'NOT_SET' }, totp: { file: '/no/such/file' } };

  const poor = await found({ kind: 'vro', url: server.url, credentials });

  expect(poor.lines.filter(({ check }) => check === 'secret')).toMatchObject([
    {
      level: 'bad',
      says: containing('environment variable NOT_SET'),
      now: containing('Set it where muster'),
    },
    { level: 'bad', says: containing('/no/such/file') },
  ]);
  expect(lineOf(poor, 'tcp')?.level).toBe('ok');
  expect(server.to('/token')).toEqual([]);
});

const AUTHOR = { username: 'author', password: PASSWORD, role: 'PlanAuthor' } as const;
const SHUT_OUT = {
  username: 'shut-out',
  password: PASSWORD,
  role: 'PlanOperator',
  scopes: ['Empty'],
} as const;

test('an account of VRO with too few rights is a warning, because nothing else tells', async () => {
  const scenario = {
    ...demoScenario,
    vro: {
      ...demoScenario.vro,
      scopes: [{ name: 'Empty' }],
      users: [AUTHOR, { ...SHUT_OUT, scopes: ['Empty'] }],
    },
  };
  const { urls } = await simulator({ scenario });
  const as = (username: string) => ({
    kind: 'vro' as const,
    url: urls.vro,
    credentials: { username, password: { env: 'DR_PASSWORD' } },
  });

  const author = await found(as('author'));
  const shutOut = await found(as('shut-out'));

  expect(author.level).toBe('warn');
  expect(lineOf(author, 'role')).toMatchObject({ level: 'warn', says: containing('not run them') });
  expect(lineOf(shutOut, 'scope')).toMatchObject({
    level: 'warn',
    says: containing('no plans seen in scope Empty'),
    now: containing('Give the account a role'),
  });
});

test('an account of VBR that may not read replicas is bad', async () => {
  const { urls, faults } = await simulator();
  faults.add({ kind: 'error', system: 'vbr', call: 'GET /api/v1/replicas', status: 403, times: 'always' });

  const poor = await found({ kind: 'vbr', url: urls.vbr });

  expect(lineOf(poor, 'role')).toMatchObject({ level: 'bad', says: containing('not allowed to do this') });
  expect(lineOf(poor, 'read')?.level).toBe('ok');
});

test('an account of Veeam ONE that only reads is a warning', async () => {
  const { urls } = await simulator({ scenario: { ...demoScenario, one: { userRole: 'ReadonlyUser' } } });

  const poor = await found({ kind: 'one', url: urls.one });

  expect(lineOf(poor, 'role')).toMatchObject({ level: 'warn', says: containing('ReadonlyUser') });
});

test('how a client and a second factor log in is told', async () => {
  const { urls } = await simulator();
  const clientId = '5b5b4c1e-6a0e-4f0e-9a36-0d6f2a5f7c01';
  const config = configOf({
    client: { kind: 'vro', url: urls.vro, credentials: { clientId, clientSecret: { env: 'CLIENT' } } },
    user: {
      kind: 'vro',
      url: urls.vro,
      credentials: { username: 'svc', password: { env: 'CLIENT' }, totp: { env: 'CLIENT' } },
    },
  });

  const { connections } = await examine({ ...config, secretOf: async () => 'simulated-client-secret' });

  expect(connections.map(({ lines }) => lines.find(({ check }) => check === 'login'))).toMatchObject([
    { level: 'ok', says: `as client ${clientId}` },
    { level: 'bad', says: containing('as svc with a password and a second factor') },
  ]);
});

test('tokens that live less than two minutes are a warning', async () => {
  const { urls } = await simulator({ tokenLifetimeSeconds: 60 });

  const brief = await found({ kind: 'vro', url: urls.vro });

  expect(lineOf(brief, 'token')).toMatchObject({ level: 'warn', says: containing('lives 59.0 s') });
});

test('a simulator that does not run is bad, and how to start it is told', async () => {
  const missing = await found({ kind: 'vro', url: 'http://simulator.invalid' });

  expect(missing).toMatchObject({
    reached: false,
    lines: [{ check: 'config', level: 'bad', now: containing('npx muster start') }],
  });
  expect(missing).not.toHaveProperty('url');
});

test('while a server keeps everybody waiting, its name is told, and the waiting can be ended', async () => {
  const server = await fakeVeeam(() => 'hang');
  const said: string[] = [];
  const stop = new AbortController();
  const options = {
    signal: stop.signal,
    progressMs: 20,
    onProgress: (line: string) => void said.push(line),
  };

  const examining = examine(configOf({ 'dr-site': { kind: 'vro', url: server.url } }), options);
  await expect.poll(() => said.at(-1), { timeout: 10_000 }).toBe('Still looking: dr-site (dns)');
  stop.abort();

  expect(await errorOf(examining)).toMatchObject({ code: 'stack.cancelled' });
});

test('a name that the configuration does not have stops everything before it begins', async () => {
  const { urls, journal } = await simulator();
  const config = configOf({ 'dr-site': { kind: 'vro', url: urls.vro } });

  const error = await errorOf(examine(config, { connections: ['dr-site', 'dr-sit'] }));

  expect(error).toMatchObject({
    code: 'stack.connectionUnknown',
    message: containing('Did you mean `dr-site`?'),
  });
  expect(journal).toEqual([]);
});

const own = async (
  temporal: NonNullable<ExamineOptions['own']>['temporal'],
  dataDir: string,
): Promise<DoctorReport> => examine(configOf({}), { own: { temporal, dataDir } });

test('Temporal and the data folder are looked at, too', async () => {
  const folder = await tempFolder();
  const address = inject('temporalAddress');

  const report = await own({ address, namespace: 'default' }, join(folder, 'not', 'yet'));

  expect(report).toMatchObject({
    level: 'ok',
    own: [{ check: 'temporal', says: `${address} answers, namespace default` }, { check: 'data' }],
  });
});

test('a Temporal that is away, or lacks the namespace, is bad; none at all is a warning', async () => {
  const folder = await tempFolder();

  const lacking = await own({ address: inject('temporalAddress'), namespace: 'no-such-namespace' }, folder);
  const away = await own({ address: '127.0.0.1:1', namespace: 'default' }, folder);
  const none = await own(undefined, folder);

  expect(lacking.own[0]).toMatchObject({
    level: 'bad',
    says: containing('has no namespace no-such-namespace'),
  });
  expect(away.own[0]).toMatchObject({ level: 'bad', says: containing('127.0.0.1:1 cannot be reached') });
  expect(none.own[0]).toMatchObject({ level: 'warn', now: containing('npx muster start') });
});

test('a data folder below a file cannot be written', async () => {
  const file = join(await tempFolder(), 'file');
  await writeFile(file, '');

  const report = await own(undefined, join(file, 'data'));

  expect(report.own[1]).toMatchObject({ check: 'data', level: 'bad', now: containing('--data') });
});

test('who asks about some connections hears of nothing else', async () => {
  const { urls } = await simulator();
  const config = configOf({
    'dr-site': { kind: 'vro', url: urls.vro },
    'dr-backup': { kind: 'vbr', url: urls.vbr },
  });

  const report = await examine(config, {
    connections: ['dr-backup'],
    own: { temporal: undefined, dataDir: await tempFolder() },
  });

  expect(report).toMatchObject({ level: 'ok', connections: [{ name: 'dr-backup' }], own: [] });
});

test('the simulator of a running stack is found, and its time is not compared with ours', async () => {
  const folder = await tempFolder();
  const configFile = join(folder, 'muster.yaml');
  const dataDir = join(folder, 'data');
  await writeFile(configFile, 'connections:\n  dr-site: { kind: vro, url: simulator }\n');
  const ask = () =>
    runDoctor({
      configFile,
      dataDir,
      connections: ['dr-site'],
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
  const before = await ask();
  const { urls } = await simulator({ clock: { now: () => Date.now() + 86_400_000 } });
  await mkdir(dataDir);
  await writeStackFile({
    folder: dataDir,
    stack: {
      version: 1,
      pid: process.pid,
      startedAt: new Date().toISOString(),
      temporal: { pid: process.pid, namespace: 'default', dbFile: 'none' },
      urls: { ...urls },
    },
  });

  expect(before).toMatchObject({ level: 'bad', connections: [{ simulator: false, reached: false }] });
  expect(await ask()).toMatchObject({ level: 'ok', connections: [{ simulator: true, url: urls.vro }] });
});
