import { expect, test } from 'vitest';
import { startedBy, vbrSite } from './vbr-support.ts';

const VM = 'crm-db-01';

test('a session goes from starting over working to stopped', async () => {
  const { start, get, after } = await vbrSite();
  const [session] = startedBy(await start('failover/failoverNow', [VM]));
  const look = async (): Promise<unknown[]> => {
    const { state, progressPercent, result, endTime } = await get(`/api/v1/sessions/${session?.id ?? ''}`);
    return [state, progressPercent, result, endTime];
  };
  const seen = [await look()];
  after(30);
  seen.push(await look());
  after(30);
  seen.push(await look());
  expect(seen).toEqual([
    ['Starting', 0, null, null],
    ['Working', 50, null, null],
    [
      'Stopped',
      100,
      { result: 'Success', message: 'Success', isCanceled: false },
      '2026-01-15T06:01:00.000Z',
    ],
  ]);
});

test.each(['Warning', 'Failed'] as const)('a session can end as %s', async (result) => {
  const { sim, start, get, after } = await vbrSite();
  const trouble = { id: 't', vm: VM, type: undefined, result, message: 'Tools are old', left: 1 };
  sim.world.protection.troubleSession(trouble);
  await start('failover/failoverNow', [VM]);
  after(60);
  const { data } = await get(`/api/v1/sessions?resultFilter=${result}`);
  expect(data).toMatchObject([{ state: 'Stopped', result: { result, message: 'Tools are old' } }]);
});

test('a trouble that is calmed strikes nothing', async () => {
  const { sim, start, get, after } = await vbrSite();
  const trouble = {
    id: 't',
    vm: undefined,
    type: undefined,
    result: 'Failed',
    message: '',
    left: 5,
  } as const;
  sim.world.protection.troubleSession(trouble);
  sim.world.protection.calmSessions('t');
  await start('failover/failoverNow', [VM]);
  after(60);
  expect((await get('/api/v1/sessions')).data).toMatchObject([{ result: { result: 'Success' } }]);
});

test('the log has the newest record first', async () => {
  const { start, get, after } = await vbrSite();
  const [session] = startedBy(await start('failover/failoverNow', [VM], { reason: 'flood' }));
  after(60);
  expect(await get(`/api/v1/sessions/${session?.id ?? ''}/logs`)).toMatchObject({
    totalRecords: 4,
    records: [
      { id: 4, status: 'Succeeded', startTime: '2026-01-15T06:01:00.000Z' },
      { id: 3, title: 'Processing crm-db-01' },
      { id: 2, title: 'Reason: flood' },
      { id: 1, startTime: '2026-01-15T06:00:00.000Z' },
    ],
  });
});

test('a stopped session leaves the replica as it was', async () => {
  const { start, call, stateOf, after, get, sim } = await vbrSite();
  const [session] = startedBy(await start('failover/failoverNow', [VM]));
  after(10);
  const path = `/api/v1/sessions/${session?.id ?? ''}`;
  expect(await call('POST', `${path}/stop`)).toMatchObject({ status: 200, json: {} });
  expect((await get(path))['state']).toBe('Stopping');
  after(2);
  expect(await get(path)).toMatchObject({ state: 'Stopped', result: { result: 'Failed', isCanceled: true } });
  expect(await stateOf(VM)).toBe('Ready');
  expect(sim.journal.map((entry) => entry.call)).toContain('POST /api/v1/sessions/{id}/stop');
});

test('stopping what is over changes nothing', async () => {
  const { start, call, after, sim } = await vbrSite();
  const [session] = startedBy(await start('failover/failoverNow', [VM]));
  after(60);
  expect((await call('POST', `/api/v1/sessions/${session?.id ?? ''}/stop`)).status).toBe(200);
  expect(sim.journal).toHaveLength(1);
});

test('unknown sessions are not found', async () => {
  const { call } = await vbrSite();
  const path = '/api/v1/sessions/11111111-1111-4111-8111-111111111111';
  const calls = [
    call('GET', path),
    call('GET', `${path}/logs`),
    call('POST', `${path}/stop`),
    call('GET', path.replace('sessions', 'taskSessions')),
  ];
  expect(await Promise.all(calls)).toMatchObject(Array(4).fill({ status: 404 }));
});

test('sessions are filtered by their facts', async () => {
  const { start, get, after } = await vbrSite();
  await start('failover/failoverNow', [VM]);
  after(100);
  await start('failover/undoFailover', [VM]);
  const names = async (query: string): Promise<unknown[]> =>
    ((await get(`/api/v1/sessions?${query}`)).data ?? []).map((session) => session['sessionType']);
  expect(await names('')).toEqual(['UndoFailover', 'Failover']);
  expect(await names('orderColumn=creationTime&orderAsc=true')).toEqual(['Failover', 'UndoFailover']);
  expect(await names('stateFilter=stopped')).toEqual(['Failover']);
  expect(await names('resultFilter=None')).toEqual(['UndoFailover']);
  expect(await names('createdAfterFilter=2026-01-15T07:01:00%2B01:00')).toEqual(['UndoFailover']);
  expect(await names('createdAfterFilter=2026-01-15T07:01:00+01:00')).toEqual(['UndoFailover']);
  expect(await names('endedBeforeFilter=2027-01-01T00:00:00Z')).toEqual(['Failover']);
  expect(await names('nameFilter=erp*')).toEqual([]);
});

test('a session has one task, which names the restore point', async () => {
  const { start, newestPoint, get, after } = await vbrSite();
  const { id: replicaPointId } = await newestPoint(VM);
  const [session] = startedBy(await start('failover/failoverNow', [VM]));
  after(60);
  const { data } = await get(`/api/v1/sessions/${session?.id ?? ''}/taskSessions`);
  expect(data).toMatchObject([
    { type: 'Replica', sessionId: session?.id, name: VM, replicaPointId, progress: { duration: '00:01:00' } },
  ]);
  const id = data?.[0]?.id ?? '';
  expect(await get(`/api/v1/taskSessions/${id}`)).toEqual(data?.[0]);
  expect((await get(`/api/v1/taskSessions/${id}/logs`))['totalRecords']).toBe(3);
  expect((await get('/api/v1/taskSessions?typeFilter=antivirus')).data).toEqual([]);
});

test('the server says what it is', async () => {
  const { get } = await vbrSite();
  expect(await get('/api/v1/serverInfo')).toMatchObject({ buildVersion: '12.3.2.3617' });
});
