import { expect, test } from 'vitest';
import type { Scenario } from '../../src/simulator/index.ts';
import { oneSite, type OneSite } from './one-support.ts';
import { LONG, vroClient } from './support.ts';
import { vbrSite } from './vbr-support.ts';

const VMS = '/protectedData/virtualMachines';
const POLICIES = '/vbrJobs/cdpPolicies';

const STEPS = [{ name: 'Start', seconds: 10 }];

const SCENARIO: Scenario = {
  name: 'continuous',
  vro: {
    plans: [
      {
        name: 'SHOP',
        planType: 'CDPReplica',
        groups: [{ name: 'All', vms: [{ name: 'shop-01', steps: STEPS }] }],
      },
      { name: 'MAIL', groups: [{ name: 'All', vms: [{ name: 'mail-01', steps: STEPS }] }] },
    ],
  },
  vbr: {
    cdpPolicies: [
      { name: 'CDP gold', rpoSeconds: 30 },
      { name: 'CDP off', isDisabled: true },
    ],
    vms: [
      { name: 'gold-01', cdpPolicy: 'CDP gold' },
      { name: 'off-01', cdpPolicy: 'CDP off' },
    ],
  },
};

const site = (): Promise<OneSite> => oneSite({ scenario: SCENARIO });

/** What Veeam ONE knows of one machine. */
async function vmNamed({ items }: OneSite, name: string) {
  const [vm] = await items(VMS, { Filter: { property: 'name', operation: 'equals', value: name } });
  const below = `${VMS}/${String(vm?.['vmUidInVbr'])}`;
  return {
    vm,
    backups: await items(`${below}/backups`, { Select: 'type,jobUid,jobName,backupUid' }),
    points: await items(`${below}/replicaRestorePoints`),
  };
}

test('a machine of a CDP policy is protected by it wherever Veeam ONE names what protects it', async () => {
  const here = await site();
  const [policy] = await here.items(POLICIES, {
    Filter: { property: 'name', operation: 'equals', value: 'CDP gold' },
  });
  const job = { jobUid: policy?.['cdpPolicyUid'], jobName: 'CDP gold' };

  const { vm, backups, points } = await vmNamed(here, 'gold-01');

  expect(vm).toMatchObject(job);
  expect(backups).toMatchObject([{ type: 'VMBackup' }, { type: 'CDPPolicy', ...job }]);
  expect(points[0]).toMatchObject({ ...job, backupUid: backups[1]?.['backupUid'] });
});

test('a CDP replica plan brings a policy of its own, and no replication job', async () => {
  const here = await site();

  const policies = await here.items(POLICIES, { Select: 'name,status,rpoSec' });
  const jobs = await here.items('/vbrJobs/vmReplicationJobs', { Select: 'name' });

  expect(policies).toMatchObject([
    { name: 'CDP gold', status: 'Running', rpoSec: 30 },
    { name: 'CDP off', status: 'Disabled', rpoSec: 15 },
    { name: 'CDP SHOP', status: 'Running', rpoSec: 15 },
  ]);
  expect(jobs.map(({ name }) => name)).toEqual(['mail-01']);
});

test('the machines of other plans stay with their replication jobs', async () => {
  const { backups } = await vmNamed(await site(), 'mail-01');

  expect(backups.map(({ type }) => type)).toEqual(['VMBackup', 'Replication']);
});

test('a policy keeps its objective, and a disabled one does not', async () => {
  const here = await site();
  here.after(24 * 3_600);
  const newestOf = async (name: string): Promise<number> => {
    const [newest] = (await vmNamed(here, name)).points;
    return Date.parse(String(newest?.['creationDate']));
  };

  const [gold, off] = [await newestOf('gold-01'), await newestOf('off-01')];

  expect(gold - off).toBeGreaterThan(23 * 3_600_000);
});

test('VBR knows the replicas of a policy as those of CDP, and no backup of it', async () => {
  const { vbr } = await vbrSite({ scenario: SCENARIO });
  const list = async (path: string) => (await vbr.call('GET', path)).json.data ?? [];

  const replicas = await list('/api/v1/replicas');
  const backups = await list('/api/v1/backups');

  expect(replicas.map(({ type, name }) => `${String(type)} ${String(name)}`)).toEqual([
    'CDP CDP gold',
    'CDP CDP off',
    'CDP CDP SHOP',
    'Regular mail-01',
  ]);
  expect(backups.filter(({ name }) => String(name).startsWith('CDP'))).toEqual([]);
});

test('a failover of its plan ends the points of a CDP replica', async () => {
  const here = await site();
  const before = (await vmNamed(here, 'shop-01')).points.length;
  const vro = await vroClient(here.sim);
  await vro.call('POST', `/Plans/${here.sim.world.plan('SHOP').spec.id}/Failover`, {});
  here.after(LONG + 24 * 3_600);

  const { points } = await vmNamed(here, 'shop-01');

  expect(before).toBeGreaterThan(0);
  expect(here.clock.now() - Date.parse(String(points[0]?.['creationDate']))).toBeGreaterThan(23 * 3_600_000);
});
