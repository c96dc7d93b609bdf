import { expect, test } from 'vitest';
import type { Scenario } from '../../src/simulator/index.ts';
import { ANY_TEXT } from './support.ts';
import { vbrSite } from './vbr-support.ts';

const scenario: Scenario = {
  name: 'replicas',
  vro: {
    plans: [
      {
        name: 'SHOP',
        groups: [
          {
            name: 'all',
            vms: ['shop-01', 'shop-02'].map((name) => ({ name, steps: [{ name: 'Start', seconds: 30 }] })),
          },
        ],
      },
    ],
  },
  vbr: {
    replication: { everySeconds: 600, points: 3, newestAgeSeconds: 60 },
    vms: [
      {
        name: 'shop-02',
        replicationJob: 'Replicate all',
        replication: { isStopped: true },
        malware: 'Infected',
      },
      { name: 'mail-01', isReplicated: true, replicationJob: 'Replicate all' },
      { name: 'test-01' },
    ],
  },
};

test('there is a replica for every VM that is replicated', async () => {
  const { get } = await vbrSite({ scenario });
  const { data } = await get('/api/v1/replicas?orderColumn=Name');
  expect(data?.map(({ name }) => name)).toEqual(['Replicate all', 'Replicate all', 'shop-01']);
});

test('a replica is shown with its job and state', async () => {
  const { get } = await vbrSite({ scenario });
  const { data } = await get('/api/v1/replicas?nameFilter=shop*');
  expect(data).toEqual([
    {
      id: ANY_TEXT,
      type: 'Regular',
      name: 'shop-01',
      jobId: ANY_TEXT,
      policyUniqueId: ANY_TEXT,
      platformName: 'VMware',
      platformId: '00000000-0000-0000-0000-000000000000',
      creationTime: ANY_TEXT,
      state: 'Ready',
    },
  ]);
  expect(await get(`/api/v1/replicas/${data?.[0]?.id ?? ''}`)).toEqual(data?.[0]);
});

test('the newest point comes first', async () => {
  const { get } = await vbrSite({ scenario });
  const { data, pagination } = await get('/api/v1/replicaPoints?nameFilter=shop-01');
  expect(data?.map((point) => point['creationTime'])).toEqual([
    '2026-01-15T05:59:00.000Z',
    '2026-01-15T05:49:00.000Z',
    '2026-01-15T05:39:00.000Z',
  ]);
  expect(pagination).toEqual({ total: 3, count: 3, skip: 0, limit: 200 });
});

test('a point says what can be done with it', async () => {
  const { newestPoint } = await vbrSite({ scenario });
  expect(await newestPoint('shop-02')).toMatchObject({
    name: 'shop-02',
    state: 'Ready',
    malwareStatus: 'Infected',
    allowedOperations: [
      'StartViVMSnapshotReplicaFailover',
      'StartViVMSnapshotReplicaPlannedFailover',
      'StartFlrRestore',
    ],
  });
});

test('points are made as time goes by, and old ones removed', async () => {
  const { get, after } = await vbrSite({ scenario });
  const ids = async (): Promise<unknown[]> =>
    ((await get('/api/v1/replicaPoints?nameFilter=shop-01')).data ?? []).map(({ id }) => id);
  const before = await ids();
  after(1200);
  const now = await ids();
  expect(now).toHaveLength(3);
  expect(now[2]).toBe(before[0]);
});

test('a stopped job makes no points', async () => {
  const { newestPoint, after } = await vbrSite({ scenario });
  const before = await newestPoint('shop-02');
  after(86_400);
  expect(await newestPoint('shop-02')).toEqual(before);
});

test('a point is found by its id, alone and below its replica', async () => {
  const { get, newestPoint } = await vbrSite({ scenario });
  const point = await newestPoint('mail-01');
  const id = point.id ?? '';
  expect(await get(`/api/v1/replicaPoints/${id}`)).toEqual(point);
  expect(await get(`/api/v1/replicas/${String(point['replicaId'])}/replicaPoints/${id}`)).toEqual(point);
});

test('the points of one replica are its own', async () => {
  const { get, newestPoint } = await vbrSite({ scenario });
  const replicaId = String((await newestPoint('shop-01'))['replicaId']);
  const { data } = await get(`/api/v1/replicas/${replicaId}/replicaPoints`);
  expect(data?.map(({ name }) => name)).toEqual(['shop-01', 'shop-01', 'shop-01']);
});

test('unknown replicas and points are not found', async () => {
  const { call, newestPoint } = await vbrSite({ scenario });
  const other = '11111111-1111-4111-8111-111111111111';
  const { id = '' } = await newestPoint('shop-01');
  const { replicaId } = await newestPoint('shop-02');
  const paths = [
    `replicas/${other}`,
    `replicaPoints/${other}`,
    `replicas/${String(replicaId)}/replicaPoints/${id}`,
  ];
  const answers = await Promise.all(paths.map((path) => call('GET', `/api/v1/${path}`)));
  expect(answers).toMatchObject(Array(3).fill({ status: 404, json: { errorCode: 'NotFound' } }));
});

test('a rescan is a session that finds nothing new', async () => {
  const { call, get, newestPoint, after, sim } = await vbrSite({ scenario });
  const replicaIds = [(await newestPoint('shop-01'))['replicaId']];
  const { status, json } = await call('POST', '/api/v1/replicas/rescan', { ReplicaIds: replicaIds });
  expect([status, json['sessionType']]).toEqual([201, 'ConfigurationResynchronize']);
  after(60);
  expect(await get(`/api/v1/sessions/${json.id ?? ''}`)).toMatchObject({
    state: 'Stopped',
    result: { result: 'Success' },
  });
  expect(sim.journal).toMatchObject([{ call: 'POST /api/v1/replicas/rescan', body: { replicaIds } }]);
});

test('an unknown replica is not rescanned', async () => {
  const { call } = await vbrSite({ scenario });
  const replicaIds = ['11111111-1111-4111-8111-111111111111'];
  expect((await call('POST', '/api/v1/replicas/rescan', { replicaIds })).status).toBe(400);
});

test.each(['orderColumn=Colour', 'skip=-1', 'limit=many', 'createdAfterFilter=soon'])(
  'a list refuses %s',
  async (query) => {
    const { vbr } = await vbrSite({ scenario });
    expect(await vbr.call('GET', `/api/v1/replicas?${query}`)).toMatchObject({
      status: 400,
      json: { errorCode: 'UnexpectedContent' },
    });
  },
);

test('unknown query parameters are ignored', async () => {
  const { get } = await vbrSite({ scenario });
  expect((await get('/api/v1/replicas?colour=red&LIMIT=1')).data).toHaveLength(1);
});
