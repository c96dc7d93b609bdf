import { expect, test } from 'vitest';
import { specOf } from '../support/spec-check.ts';
import type { Answer } from './support.ts';
import type { VbrSite } from './vbr-support.ts';
import { startedBy, vbrSite } from './vbr-support.ts';

const SPEC = specOf('vbr-1.2-rev1');
const VM = 'crm-db-01';
const NOWHERE = '11111111-1111-4111-8111-111111111111';
/** Longer than any session of the demo scenario. */
const LONG = 600;

type Ask = (here: VbrSite) => Promise<Answer>;

const FAILOVER = 'failover/failoverNow';
const FAILBACK = 'failback/failbackToProduction';
const ORIGINAL = { type: 'OriginalLocation' };
const MANUAL = { type: 'Manual' };

/** Starts something after other moves of the same VM, each with its more of a body. */
const move =
  (path: string, before: readonly (readonly [what: string, more?: object])[] = [], more?: object): Ask =>
  async ({ start, after }) => {
    for (const [what, moreBefore] of before) {
      await start(what, [VM], moreBefore);
      after(LONG);
    }
    return start(path, [VM], more);
  };

/** A GET in a world where one session is over and one runs. */
const read =
  (path: string | ((here: VbrSite, session: string) => Promise<string>)): Ask =>
  async (here) => {
    const [session] = startedBy(await here.start(FAILOVER, [VM]));
    here.after(LONG);
    await here.start('failover/plannedFailover', ['crm-app-01']);
    here.after(1);
    return here.call('GET', typeof path === 'string' ? path : await path(here, session?.id ?? ''));
  };

const firstId = async ({ get }: VbrSite, path: string): Promise<string> =>
  (await get(path)).data?.[0]?.id ?? NOWHERE;

async function issued(here: VbrSite): Promise<Answer> {
  const [backup] = (await here.vbr.call('GET', '/api/v1/backups?nameFilter=*branch*')).json.data ?? [];
  const body = { backupIds: [backup?.id], expirationDate: '2026-02-01T00:00:00Z' };
  return here.call('POST', '/api/v1/agents/recoveryTokens', body);
}

const tokenPath = async (here: VbrSite): Promise<string> =>
  `/api/v1/agents/recoveryTokens/${(await issued(here)).json.id ?? ''}`;

const loggedIn: Ask = ({ call, sim: { credentials } }) =>
  call('POST', '/api/oauth2/token', new URLSearchParams({ grant_type: 'password', ...credentials }));

/** One successful call of every operation. */
const ASKS: Readonly<Record<string, Ask>> = {
  'GET /api/v1/serverTime': read('/api/v1/serverTime'),
  'GET /api/v1/serverInfo': read('/api/v1/serverInfo'),
  'POST /api/oauth2/token': loggedIn,
  'POST /api/oauth2/authorization_code': ({ call }) => call('POST', '/api/oauth2/authorization_code'),
  'POST /api/oauth2/logout': ({ call }) => call('POST', '/api/oauth2/logout'),

  'GET /api/v1/sessions': read('/api/v1/sessions'),
  'GET /api/v1/sessions/{id}': read(async (_, session) => `/api/v1/sessions/${session}`),
  'GET /api/v1/sessions/{id}/logs': read(async (_, session) => `/api/v1/sessions/${session}/logs`),
  'POST /api/v1/sessions/{id}/stop': async ({ start, call }) => {
    const [session] = startedBy(await start(FAILOVER, [VM]));
    return call('POST', `/api/v1/sessions/${session?.id ?? ''}/stop`);
  },
  'GET /api/v1/sessions/{id}/taskSessions': read(
    async (_, session) => `/api/v1/sessions/${session}/taskSessions`,
  ),
  'GET /api/v1/taskSessions': read('/api/v1/taskSessions'),
  'GET /api/v1/taskSessions/{id}': read(
    async (here) => `/api/v1/taskSessions/${await firstId(here, '/api/v1/taskSessions')}`,
  ),
  'GET /api/v1/taskSessions/{id}/logs': read(
    async (here) => `/api/v1/taskSessions/${await firstId(here, '/api/v1/taskSessions')}/logs`,
  ),

  'GET /api/v1/replicas': read('/api/v1/replicas'),
  'GET /api/v1/replicas/{id}': read(
    async (here) => `/api/v1/replicas/${await firstId(here, '/api/v1/replicas')}`,
  ),
  'POST /api/v1/replicas/rescan': async (here) =>
    here.call('POST', '/api/v1/replicas/rescan', { replicaIds: [await firstId(here, '/api/v1/replicas')] }),
  'GET /api/v1/replicas/{id}/replicaPoints': read(
    async (here) => `/api/v1/replicas/${await firstId(here, '/api/v1/replicas')}/replicaPoints`,
  ),
  'GET /api/v1/replicas/{replicaId}/replicaPoints/{id}': read(async (here) => {
    const { id, replicaId } = await here.newestPoint(VM);
    return `/api/v1/replicas/${String(replicaId)}/replicaPoints/${id ?? ''}`;
  }),
  'GET /api/v1/replicaPoints': read('/api/v1/replicaPoints'),
  'GET /api/v1/replicaPoints/{id}': read(
    async (here) => `/api/v1/replicaPoints/${(await here.newestPoint(VM)).id ?? ''}`,
  ),

  'POST /api/v1/failover/failoverNow/vSphere/snapshot': move(FAILOVER),
  'POST /api/v1/failover/plannedFailover/vSphere/snapshot': move('failover/plannedFailover'),
  'POST /api/v1/failover/permanentFailover/vSphere/snapshot': move('failover/permanentFailover', [
    [FAILOVER],
  ]),
  'POST /api/v1/failover/undoFailover/vSphere/snapshot': move('failover/undoFailover', [[FAILOVER]]),
  'POST /api/v1/failback/failbackToProduction/vSphere/snapshot': move(FAILBACK, [[FAILOVER]], ORIGINAL),
  'POST /api/v1/failback/switchToProduction/vSphere/snapshot': move('failback/switchToProduction', [
    [FAILOVER],
    [FAILBACK, { ...ORIGINAL, failbackMode: MANUAL }],
  ]),
  'POST /api/v1/failback/changeSwitchoverTime/vSphere/snapshot': move(
    'failback/changeSwitchoverTime',
    [[FAILOVER], [FAILBACK, { ...ORIGINAL, failbackMode: MANUAL }]],
    { failbackMode: { type: 'Scheduled', scheduledTime: '2026-01-16T06:00:00Z' } },
  ),
  'POST /api/v1/failback/commitFailback/vSphere/snapshot': move('failback/commitFailback', [
    [FAILOVER],
    [FAILBACK, ORIGINAL],
  ]),
  'POST /api/v1/failback/undoFailback/vSphere/snapshot': move('failback/undoFailback', [
    [FAILOVER],
    [FAILBACK, ORIGINAL],
  ]),

  'GET /api/v1/agents/recoveryTokens': async (here) => {
    await issued(here);
    return here.call('GET', '/api/v1/agents/recoveryTokens');
  },
  'POST /api/v1/agents/recoveryTokens': issued,
  'GET /api/v1/agents/recoveryTokens/{id}': async (here) => here.call('GET', await tokenPath(here)),
  'PUT /api/v1/agents/recoveryTokens/{id}': async (here) => {
    const path = await tokenPath(here);
    const { id, name } = await here.get(path);
    return here.call('PUT', path, { id, name, expirationDate: '2026-03-01T00:00:00Z' });
  },
  'DELETE /api/v1/agents/recoveryTokens/{id}': async (here) => here.call('DELETE', await tokenPath(here)),
};

const operations = SPEC.operations.map((operation) => ({
  ...operation,
  name: `${operation.method} ${operation.path}`,
}));

test('no operation of the specification is left out', () => {
  expect(Object.keys(ASKS).sort()).toEqual(operations.map(({ name }) => name).sort());
});

/** That an answer is as the specification says is checked by `call` itself. */
test.each(operations)('$name succeeds as the specification says', async ({ name, answers }) => {
  const { status, json = {} } = (await ASKS[name]?.(await vbrSite())) ?? {};
  const [success] = Object.keys(answers).filter((code) => code.startsWith('2'));

  expect(status).toBe(Number(success));
  // An empty list would prove nothing about its items.
  expect(json.data ?? ['no list']).not.toEqual([]);
});

const singles = operations.filter(({ answers }) => Object.hasOwn(answers, '404'));

test.each(singles)('$name of what does not exist is refused as the specification says', async (one) => {
  const { call } = await vbrSite();
  const path = one.path.replaceAll(/\{\w+\}/g, NOWHERE);
  const more = { ...ORIGINAL, failbackMode: MANUAL, replicaPointIds: [NOWHERE] };
  const token = { id: NOWHERE, name: 'none', expirationDate: '2026-03-01T00:00:00Z' };
  const body = one.method === 'PUT' ? token : one.body === undefined ? undefined : more;

  expect((await call(one.method, path, body)).status).toBe(404);
});

const locked = operations.filter(({ path }) => path !== '/api/v1/serverTime' && !path.endsWith('/token'));

test.each(locked)('$name without a login is refused as the specification says', async ({ method, path }) => {
  const here = await vbrSite();
  await here.call('POST', '/api/oauth2/logout');

  expect((await here.call(method, path.replaceAll(/\{\w+\}/g, NOWHERE))).status).toBe(401);
});

const bodies = operations.filter(({ body, form }) => body !== undefined && form !== true);

test.each(bodies)('$name with an unreadable body is refused as the specification says', async (one) => {
  const here = await vbrSite();
  const path = one.path.replaceAll(/\{\w+\}/g, NOWHERE);
  const body = { replicaPointIds: 'all', replicaIds: 'all' };

  expect((await here.call(one.method, path, body)).status).toBe(400);
});

test.each([
  ['a wrong password', { grant_type: 'password', username: 'administrator', password: 'wrong' }, 401],
  ['an unknown grant', { grant_type: 'magic' }, 400],
])('a login with %s is refused as the specification says', async (_, form, status) => {
  const { call } = await vbrSite();

  expect((await call('POST', '/api/oauth2/token', new URLSearchParams(form))).status).toBe(status);
});
