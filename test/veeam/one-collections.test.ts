import { expect, test } from 'vitest';
import { oneQuery } from '../../src/veeam/index.ts';
import { failureOf, fakeVeeam } from './fake-server.ts';
import { oneClient } from './one-client.ts';

/** VMs on a server that honours Offset and Limit, or ignores Offset. */
function serverWithVms(count: number, { ignoresOffset = false } = {}) {
  const all = Array.from({ length: count }, (_, index) => ({ vmUidInVbr: `vm-${index}` }));
  return fakeVeeam(({ query }) => {
    const offset = ignoresOffset ? 0 : Number(query.get('Offset'));
    return { json: { items: all.slice(offset, offset + Number(query.get('Limit'))), totalCount: count } };
  });
}

test('everything is read page by page, with the same selection', async () => {
  const server = await serverWithVms(450);

  const { total, data } = await oneClient(server.url).protectedVms.all({ sort: oneQuery.sortBy('name') });

  expect([total, new Set(data.map(({ vmUidInVbr }) => vmUidInVbr)).size]).toEqual([450, 450]);
  expect(server.to('/virtualMachines').map(({ query }) => [query.get('Offset'), query.has('Sort')])).toEqual([
    ['0', true],
    ['200', true],
    ['400', true],
  ]);
});

test("what is collected ends at the connection's limit, and the total tells", async () => {
  const server = await serverWithVms(450);

  const { total, data } = await oneClient(server.url, { limits: { items: 250 } }).protectedVms.all();

  expect([total, data.length]).toEqual([450, 250]);
});

test('a server that ignores Offset does not loop', async () => {
  const server = await serverWithVms(450, { ignoresOffset: true });

  expect((await oneClient(server.url).protectedVms.all()).data).toHaveLength(200);
});

test('selected fields come with the ids and the status', async () => {
  const server = await fakeVeeam(() => ({
    json: { items: [{ cdpPolicyUid: 'p1', status: 'Running', rpoSec: 15 }], totalCount: 1 },
  }));

  const { data } = await oneClient(server.url).cdpPolicies.select(['rpoSec']);

  expect(server.to('/cdpPolicies')[0]?.query.get('Select')).toBe('cdpPolicyUid,backupServerId,status,rpoSec');
  expect(data.map(({ rpoSec }) => rpoSec)).toEqual([15]);
});

test('items without an id are not taken for one another', async () => {
  const items = [
    { failoverPlanUid: null, status: 'Ready', name: 'a' },
    { failoverPlanUid: null, status: 'Ready', name: 'b' },
  ];
  const server = await fakeVeeam(() => ({ json: { items, totalCount: 2 } }));

  expect((await oneClient(server.url).failoverPlans.all()).data).toEqual(items);
});

test('the VMs of one backup are not taken for one another', async () => {
  const items = [
    { backupUid: 'chain', vmUidInVbr: 'vm-1', jobName: 'nightly' },
    { backupUid: 'chain', vmUidInVbr: 'vm-2', jobName: 'nightly' },
  ];
  const server = await fakeVeeam(() => ({ json: { items, totalCount: 2 } }));

  expect((await oneClient(server.url).protectedVms.backups.select(['jobName'])).data).toEqual(items);
});

test('a list that is null is an empty page', async () => {
  const server = await fakeVeeam(() => ({ json: { items: null, totalCount: 0 } }));

  expect(await oneClient(server.url).sureBackupJobs.list()).toEqual({ total: 0, data: [] });
});

test('a protected VM on an empty page is veeam.notFound', async () => {
  const server = await fakeVeeam(() => ({ json: { items: [], totalCount: 0 } }));

  expect(await failureOf(oneClient(server.url).protectedVms.get('vm-1'))).toMatchObject({
    code: 'veeam.notFound',
  });
});

test('a session that the server answers with 204 is undefined', async () => {
  const server = await fakeVeeam(() => ({ status: 204 }));

  expect(await oneClient(server.url).sessions.get(7)).toBeUndefined();
});
