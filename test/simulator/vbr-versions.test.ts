import { expect, test } from 'vitest';
import { specOf } from '../support/spec-check.ts';
import { ANY_TEXT, send, site } from './support.ts';

const REPLICAS = '/api/v1/replicas';

test.each(['1.3-rev1', '1.1', 'latest'])('version %s is refused', async (version) => {
  const { vbr } = await site();
  expect(await vbr.call('GET', REPLICAS, undefined, { 'x-api-version': version })).toMatchObject({
    status: 400,
    json: { errorCode: 'UnexpectedContent', message: ANY_TEXT },
  });
});

test('the first version has no replicas and no failover', async () => {
  const { vbr } = await site();
  const old = { 'x-api-version': '1.1-rev0' };
  const answers = await Promise.all([
    vbr.call('GET', REPLICAS, undefined, old),
    vbr.call('POST', '/api/v1/failover/failoverNow/vSphere/snapshot', { replicaPointIds: [] }, old),
  ]);
  expect(answers).toMatchObject(Array(2).fill({ status: 404, json: { errorCode: 'InvalidURI' } }));
});

test('tasks of sessions came with the newest version', async () => {
  const { vbr } = await site();
  const status = async (version: string): Promise<number> =>
    (await vbr.call('GET', '/api/v1/taskSessions', undefined, { 'x-api-version': version })).status;
  expect([await status('1.1-rev1'), await status('1.2-rev1')]).toEqual([404, 200]);
});

test('older versions call the job of a session its activity', async () => {
  const { vbr, ask, after } = await site();
  await ask('CRM', 'Failover');
  after(3);
  const keys = async (version: string): Promise<string[]> => {
    const { json } = await vbr.call('GET', '/api/v1/sessions', undefined, { 'x-api-version': version });
    return Object.keys(json.data?.[0] ?? {}).filter((key) => /^(job|activity|platform)/.test(key));
  };
  expect(await keys('1.1-rev1')).toEqual(['activityId']);
  expect(await keys('1.2-rev1')).toEqual(['jobId', 'platformName', 'platformId']);
});

test('paths are found in any case', async () => {
  const { vbr } = await site();
  expect((await vbr.call('GET', '/API/V1/REPLICAS')).status).toBe(200);
});

test('the time of the server needs no login', async () => {
  const { sim } = await site();
  const { status, json } = await send(`${sim.urls.vbr}/api/v1/serverTime`, 'GET', undefined, {
    'x-api-version': '1.2-rev1',
  });
  expect(status).toBe(200);
  expect(json['serverTime']).toBe('2026-01-15T06:00:00.000Z');
});

test('every call of the specification has a route', async () => {
  const { sim } = await site();
  for (const { method, path } of specOf('vbr-1.2-rev1').operations) {
    // A fault that names an unknown call is refused.
    sim.faults.add({ system: 'vbr', call: `${method} ${path}`, kind: 'latency', ms: 1 });
  }
  expect(sim.faults.list()).toHaveLength(specOf('vbr-1.2-rev1').operations.length);
});
