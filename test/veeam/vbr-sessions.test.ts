import { expect, test } from 'vitest';
import { isSessionFinished } from '../../src/veeam/index.ts';
import { failureOf, fakeVeeam, vbrClient } from './fake-server.ts';
import type { Seen } from './fake-server.ts';

const ID = 'f848e90c-7f37-4ff5-9d55-04e33f8a4de3';
const JOB = '99d1bf3d-e2e0-4bec-b2b3-820c0b87d212';

const SESSION = {
  id: ID,
  name: 'erp-db',
  sessionType: 'Failover',
  creationTime: '2026-11-21T06:00:00+01:00',
  endTime: null,
  state: 'Starting',
  progressPercent: 0,
  result: null,
  usn: 0,
};

test.each([
  ['1.1-rev1', { activityId: JOB }],
  ['1.2-rev1', { jobId: JOB }],
] as const)('the job of a session is jobId in API version %s', async (apiVersion, job) => {
  const server = await fakeVeeam(() => ({ json: { ...SESSION, ...job } }));

  expect(await vbrClient(server.url, { apiVersion }).sessions.get(ID)).toMatchObject({ jobId: JOB });
});

test('unknown fields and enum values of a session are kept', async () => {
  const novel = {
    ...SESSION,
    jobId: JOB,
    sessionType: 'FailoverPlan',
    state: 'Hovering',
    initiatedBy: 'sheila',
  };
  const server = await fakeVeeam(() => ({ json: novel }));

  expect(await vbrClient(server.url).sessions.get(ID)).toEqual(novel);
});

test('a session is finished only when it is Stopped', () => {
  const states = ['Stopped', 'Stopping', 'Idle', 'Postprocessing', 'WaitingTape', 'Novel'];

  expect(states.filter((state) => isSessionFinished({ state }))).toEqual(['Stopped']);
});

test('a failover answers one session for each point', async () => {
  const started = [SESSION, { ...SESSION, id: JOB }];
  const pagination = { total: 2, count: 2, skip: null, limit: null };
  const server = await fakeVeeam(() => ({ status: 201, json: { data: started, pagination } }));

  expect(await vbrClient(server.url).failover.planned({ replicaPointIds: [ID, JOB] })).toEqual(started);
});

test.each([[[]], [['']]])('%j names nothing to fail over, so nothing is sent', async (replicaPointIds) => {
  const server = await fakeVeeam(() => ({}));

  expect(await failureOf(vbrClient(server.url).failover.now({ replicaPointIds }))).toMatchObject({
    code: 'veeam.badInput',
    effect: 'none',
  });
  expect(server.seen).toEqual([]);
});

test('an unreadable answer to a failback has an unclear effect, and it is sent once', async () => {
  const server = await fakeVeeam(() => ({ status: 201, text: '<html>' }));

  expect(await failureOf(vbrClient(server.url).failback.commit({ replicaPointIds: [ID] }))).toMatchObject({
    code: 'veeam.contract',
    effect: 'unclear',
  });
  expect(server.to('/snapshot')).toHaveLength(1);
});

/** Sessions on a server that honours skip and limit. */
function serverWithSessions(count: number) {
  const all = Array.from({ length: count }, (_, index) => ({ ...SESSION, id: `s${index}` }));
  return fakeVeeam(({ query }: Seen) => {
    const skip = Number(query.get('skip'));
    const data = all.slice(skip, skip + Number(query.get('limit')));
    return { json: { data, pagination: { total: count, count: data.length, skip, limit: data.length } } };
  });
}

test('all sessions are read page by page, with the filters on every page', async () => {
  const server = await serverWithSessions(450);

  const { total, data } = await vbrClient(server.url).sessions.all({ typeFilter: 'Failover' });

  expect([total, new Set(data.map(({ id }) => id)).size]).toEqual([450, 450]);
  expect(server.to('/sessions').map(({ query }) => [query.get('skip'), query.get('typeFilter')])).toEqual([
    ['0', 'Failover'],
    ['200', 'Failover'],
    ['400', 'Failover'],
  ]);
});

test("what is collected ends at the connection's limit", async () => {
  const server = await serverWithSessions(450);

  const { total, data } = await vbrClient(server.url, { limits: { items: 250 } }).sessions.all();

  expect([total, data.length]).toEqual([450, 250]);
});
