import { expect, test } from 'vitest';
import { demoScenario } from '../../src/simulator/index.ts';
import { examine } from '../../src/stack/doctor/examine.ts';
import { containing, fakeVeeam } from '../veeam/fake-server.ts';
import { configOf, found, lineOf, PASSWORD, PLANS, simulator } from './doctor-support.ts';

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
const SHUT_OUT = { username: 'shut-out', password: PASSWORD, role: 'PlanOperator' } as const;

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

test('a Veeam ONE that shows no protected machine is a warning', async () => {
  const { urls } = await simulator({ scenario: { name: 'empty', vro: { plans: [] } } });

  const poor = await found({ kind: 'one', url: urls.one });

  expect(lineOf(poor, 'scope')).toMatchObject({ level: 'warn', says: containing('0 protected VMs seen') });
});

test.each(['vro', 'vbr', 'one'] as const)('tokens of %s that live a minute are a warning', async (kind) => {
  const { urls } = await simulator({ tokenLifetimeSeconds: 60 });

  const brief = await found({ kind, url: urls[kind] });

  expect(lineOf(brief, 'token')).toMatchObject({ level: 'warn', says: containing('lives') });
});

test.each(['vro', 'vbr', 'one'] as const)('a clock of %s that is an hour ahead is bad', async (kind) => {
  const { urls } = await simulator({ clock: { now: () => Date.now() + 3_600_000 } });

  expect(lineOf(await found({ kind, url: urls[kind] }), 'clock')).toMatchObject({
    level: 'bad',
    says: containing('ahead of ours'),
    now: containing('NTP'),
  });
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

test('what was logged into is logged out of', async () => {
  const server = await fakeVeeam(() => PLANS);

  await found({ kind: 'vro', url: server.url });

  expect(server.seen.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/token' });
});
