import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import type { DoctorReport } from '../../src/cli/doctor-report.ts';
import { examine, type ExamineOptions } from '../../src/stack/doctor/examine.ts';
import { runDoctor } from '../../src/stack/doctor/run-doctor.ts';
import { writeStackFile } from '../../src/stack/stack-file.ts';
import { containing, fakeVeeam } from '../veeam/fake-server.ts';
import { caFile, checksOf, configOf, found, lineOf, PASSWORD, simulator } from './doctor-support.ts';
import { errorOf, tempFolder } from './helpers.ts';

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
    ...Array.from({ length: 3 }, () => [...way, 'scope ok', 'read ok', 'token ok', 'clock ok']),
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
  expect(lineOf(vbr, 'scope')?.says).toMatch(/^\d+ replicas seen; .* fewer, silently$/);
  expect(lineOf(one, 'role')?.says).toBe('Admin: may read, and resolve alarms');
  expect(lineOf(one, 'scope')?.says).toMatch(/^\d+ protected VMs seen; .* fewer, silently$/);
  expect(lineOf(vro, 'tls')?.says).toContain('http:// on this machine itself');
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
  expect(connections[0]?.lines.at(-1)).toMatchObject({
    says: containing('127.0.0.1:1: the server could not be reached'),
    now: containing('The usual port of this product is 9419.'),
  });
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
  databaseUrl = inject('databaseUrl'),
): Promise<DoctorReport> => examine(configOf({}), { own: { temporal, dataDir, databaseUrl } });

test('Temporal, the database and the data folder are looked at, too', async () => {
  const folder = await tempFolder();
  const address = inject('temporalAddress');

  const report = await own({ address, namespace: 'default' }, join(folder, 'not', 'yet'));

  expect(report).toMatchObject({
    level: 'ok',
    own: [
      { check: 'temporal', says: `${address} answers, namespace default` },
      { check: 'database' },
      { check: 'data' },
    ],
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

  expect(report.own[2]).toMatchObject({ check: 'data', level: 'bad', now: containing('--data') });
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

test.each([
  ['', '{ kind: vro, url: simulator }'],
  [
    ', used with an account of its own,',
    '{ kind: vro, url: simulator, credentials: { username: administrator, password: { file: password } } }',
  ],
])('the simulator of a running stack%s is found, and its time not compared', async (_, connection) => {
  const folder = await tempFolder();
  const configFile = join(folder, 'muster.yaml');
  const dataDir = join(folder, 'data');
  await writeFile(join(folder, 'password'), PASSWORD);
  await writeFile(configFile, `connections:\n  dr-site: ${connection}\n`);
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

  expect(before).toMatchObject({ level: 'bad', connections: [{ simulator: true, reached: false }] });
  expect(await ask()).toMatchObject({ level: 'ok', connections: [{ simulator: true, url: urls.vro }] });
});
