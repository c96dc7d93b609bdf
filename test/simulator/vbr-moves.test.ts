import { expect, test } from 'vitest';
import { ANY_TEXT } from './support.ts';
import { startedBy, vbrSite } from './vbr-support.ts';

const PAIR = ['crm-db-01', 'crm-app-01'];
/** Longer than any session of the demo scenario. */
const LONG = 600;

test('a planned failover starts one session per point', async () => {
  const { start, sim } = await vbrSite();
  const { status, json } = await start('failover/plannedFailover', PAIR, { Reason: 'a test' });
  expect(status).toBe(201);
  expect(json).toEqual({
    data: PAIR.map((name) => ({
      id: ANY_TEXT,
      name,
      jobId: ANY_TEXT,
      sessionType: 'PlannedFailover',
      creationTime: '2026-01-15T06:00:00.000Z',
      endTime: null,
      state: 'Starting',
      progressPercent: 0,
      result: null,
      resourceId: null,
      resourceReference: null,
      parentSessionId: null,
      usn: 0,
      platformName: 'VMware',
      platformId: '00000000-0000-0000-0000-000000000000',
    })),
    pagination: { total: 2, count: 2, skip: null, limit: null },
  });
  expect(sim.journal).toMatchObject([
    {
      system: 'vbr',
      call: 'POST /api/v1/failover/plannedFailover/vSphere/snapshot',
      target: 'crm-db-01, crm-app-01',
      body: { reason: 'a test' },
    },
  ]);
});

test('a session moves the replica when it ends', async () => {
  const { start, stateOf, after } = await vbrSite();
  await start('failover/failoverNow', ['crm-db-01']);
  const seen = [await stateOf('crm-db-01')];
  after(59.999);
  seen.push(await stateOf('crm-db-01'));
  after(0.001);
  seen.push(await stateOf('crm-db-01'));
  expect(seen).toEqual(['Processing', 'Processing', 'Failover']);
});

test.each([
  ['failover/failoverNow', 'Failover'],
  ['failover/failoverNow failover/undoFailover', 'Ready'],
  ['failover/failoverNow failover/permanentFailover', 'PermanentFailover'],
  ['failover/failoverNow failback/failbackToProduction', 'Failback'],
  ['failover/failoverNow failback/failbackToProduction failback/commitFailback', 'Ready'],
  ['failover/failoverNow failback/failbackToProduction failback/undoFailback', 'Failover'],
])('%s leads to %s', async (calls, state) => {
  const { start, stateOf, after } = await vbrSite();
  for (const what of calls.split(' ')) {
    const more = what.endsWith('failbackToProduction') ? { type: 'OriginalLocation' } : {};
    expect((await start(what, ['crm-db-01'], more)).status).toBe(201);
    after(LONG);
  }
  expect(await stateOf('crm-db-01')).toBe(state);
});

test('the operations that a state allows are the ones that are accepted', async () => {
  const { start, newestPoint, after } = await vbrSite();
  await start('failover/failoverNow', ['crm-db-01']);
  after(LONG);
  expect((await newestPoint('crm-db-01'))['allowedOperations']).toEqual([
    'StartViVMSnapshotReplicaPermanentFailover',
    'StartViVMSnapshotReplicaUndoFailover',
    'StartViVMSnapshotReplicaFailback',
  ]);
  expect(await start('failover/plannedFailover', ['crm-db-01'])).toMatchObject({
    status: 400,
    json: { errorCode: 'UnexpectedContent' },
  });
});

test('a second session on a replica is refused', async () => {
  const { start, newestPoint, get } = await vbrSite();
  await start('failover/failoverNow', ['crm-db-01']);
  expect((await newestPoint('crm-db-01'))['allowedOperations']).toEqual([]);
  expect((await start('failover/failoverNow', ['crm-db-01'])).status).toBe(400);
  expect((await get('/api/v1/sessions')).data).toHaveLength(1);
});

test('one replica that refuses keeps the others from starting', async () => {
  const { start, after, get, sim } = await vbrSite();
  await start('failover/failoverNow', ['crm-db-01']);
  after(LONG);
  expect((await start('failover/failoverNow', PAIR)).status).toBe(400);
  expect([(await get('/api/v1/sessions')).data?.length, sim.journal.length]).toEqual([1, 1]);
});

test('a replica cannot be named twice', async () => {
  const { start } = await vbrSite();
  expect((await start('failover/failoverNow', ['crm-db-01', 'crm-db-01'])).status).toBe(400);
});

test.each([
  ['no points', { replicaPointIds: [] }, 400],
  ['no body', undefined, 400],
  ['an unknown point', { replicaPointIds: ['11111111-1111-4111-8111-111111111111'] }, 404],
])('a failover of %s is refused', async (_title, body, status) => {
  const { call } = await vbrSite();
  const answer = await call('POST', '/api/v1/failover/failoverNow/vSphere/snapshot', body);
  expect(answer.status).toBe(status);
});

test('a failback without a type is refused', async () => {
  const { start, after } = await vbrSite();
  await start('failover/failoverNow', ['crm-db-01']);
  after(LONG);
  expect((await start('failback/failbackToProduction', ['crm-db-01'])).status).toBe(400);
});

test('a manual failback waits for the switchover', async () => {
  const { start, stateOf, newestPoint, after } = await vbrSite();
  await start('failover/failoverNow', ['crm-db-01']);
  after(LONG);
  const failbackMode = { Type: 'manual' };
  await start('failback/failbackToProduction', ['crm-db-01'], { type: 'originalvm', failbackMode });
  after(86_400);
  const { state, allowedOperations } = await newestPoint('crm-db-01');
  expect([state, allowedOperations]).toEqual([
    'ReadyToSwitch',
    [
      'StartViVMSnapshotReplicaSwitchToProductionFailback',
      'StartViVMSnapshotReplicaUndoFailback',
      'ChangeReplicaFailbackSwitchoverTime',
    ],
  ]);
  await start('failback/switchToProduction', ['crm-db-01']);
  after(LONG);
  expect(await stateOf('crm-db-01')).toBe('Failback');
});

test('a scheduled failback switches over by itself, at its time', async () => {
  const { start, stateOf, after, get } = await vbrSite();
  await start('failover/failoverNow', ['crm-db-01']);
  after(LONG);
  const failbackMode = { type: 'Scheduled', scheduledTime: '2026-01-15T09:00:00Z' };
  await start('failback/failbackToProduction', ['crm-db-01'], { type: 'OriginalLocation', failbackMode });
  after(LONG);
  const later = { type: 'Scheduled', scheduledTime: '2026-01-15T12:00:00Z' };
  const change = await start('failback/changeSwitchoverTime', ['crm-db-01'], { failbackMode: later });
  expect([change.status, change.json]).toEqual([200, {}]);
  after(5 * 3600);
  const seen = [await stateOf('crm-db-01')];
  after(3600);
  seen.push(await stateOf('crm-db-01'));
  expect(seen).toEqual(['ReadyToSwitch', 'Failback']);
  const { data } = await get('/api/v1/sessions?typeFilter=SwitchReplicaToProduction');
  expect(data).toMatchObject([{ creationTime: '2026-01-15T12:00:00.000Z', state: 'Stopped' }]);
});

test('a schedule without a time is refused', async () => {
  const { start, after } = await vbrSite();
  await start('failover/failoverNow', ['crm-db-01']);
  after(LONG);
  const body = { type: 'OriginalLocation', failbackMode: { type: 'Scheduled' } };
  expect((await start('failback/failbackToProduction', ['crm-db-01'], body)).status).toBe(400);
});

test('a failover that fails can be undone', async () => {
  const { sim, start, stateOf, after } = await vbrSite();
  const trouble = {
    id: 't',
    vm: 'crm-db-01',
    type: 'Failover',
    result: 'Failed',
    message: 'No host',
    left: 1,
  } as const;
  sim.world.protection.troubleSession(trouble);
  const [session] = startedBy(await start('failover/failoverNow', ['crm-db-01']));
  after(LONG);
  expect([session?.['sessionType'], await stateOf('crm-db-01')]).toEqual(['Failover', 'FailedFailover']);
  await start('failover/undoFailover', ['crm-db-01']);
  after(LONG);
  expect(await stateOf('crm-db-01')).toBe('Ready');
});

test('no points are made while a replica runs', async () => {
  const { start, newestPoint, after } = await vbrSite();
  const { creationTime } = await newestPoint('crm-db-01');
  await start('failover/failoverNow', ['crm-db-01']);
  after(86_400);
  expect((await newestPoint('crm-db-01'))['creationTime']).toBe(creationTime);
  await start('failover/undoFailover', ['crm-db-01']);
  after(3_600);
  expect((await newestPoint('crm-db-01'))['creationTime']).toBe('2026-01-16T06:55:00.000Z');
});
