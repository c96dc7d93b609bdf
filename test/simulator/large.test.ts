import { expect, onTestFinished, test } from 'vitest';
import {
  FORTY_VM_PLAN,
  LARGEST_PLAN,
  largeScenario,
  threeOfForty,
  startSimulator,
} from '../../src/simulator/index.ts';
import type { Scenario, Simulator } from '../../src/simulator/index.ts';
import { LONG, site, vroClient } from './support.ts';
import { oneClient, queryOf } from './one-support.ts';

function vmsOf({ groups }: Scenario['vro']['plans'][number]): readonly { name: string }[] {
  return groups.flatMap(({ vms = [] }) => vms);
}

async function large(): Promise<Simulator> {
  const sim = await startSimulator({ scenario: largeScenario() });
  onTestFinished(() => sim.close());
  return sim;
}

test('the large scenario has 500 plans and 20,000 VMs of different names', () => {
  const { plans } = largeScenario().vro;
  const names = plans.flatMap((plan) => vmsOf(plan).map(({ name }) => name));
  expect([plans.length, new Set(plans.map(({ name }) => name)).size]).toEqual([500, 500]);
  expect([names.length, new Set(names).size]).toEqual([20_000, 20_000]);
});

test('it has a plan of 2,000 VMs, and one of 40 in groups', () => {
  const { plans } = largeScenario().vro;
  const sizes = new Map(plans.map((plan) => [plan.name, [vmsOf(plan).length, plan.groups.length]]));
  expect(sizes.get(LARGEST_PLAN)).toEqual([2_000, 20]);
  expect(sizes.get(FORTY_VM_PLAN)).toEqual([40, 4]);
});

test('it is the same every time', () => {
  expect(largeScenario()).toEqual(largeScenario());
});

test('it has several sites, and plans of every type', () => {
  const { plans } = largeScenario().vro;
  expect(new Set(plans.map(({ scope }) => scope)).size).toBe(5);
  expect(new Set(plans.map(({ planType = 'Replica' }) => planType)).size).toBeGreaterThan(3);
});

test('all three servers show it', async () => {
  const sim = await large();
  const vro = await vroClient(sim);
  const one = await oneClient(sim);
  expect((await vro.call('GET', '/Plans?limit=1')).json.total).toBe(500);
  const vms = await one.call('GET', '/protectedData/virtualMachines?Offset=19999');
  expect(vms.json).toMatchObject({ totalCount: 20_000, items: [{ vmId: 20_000 }] });
});

test('the replicas of a few of its VMs are too old', async () => {
  const one = await oneClient(await large());
  const yesterday = new Date(Date.now() - 25 * 3600 * 1000).toISOString();
  const items = [
    { property: 'type', operation: 'equals', value: 'Replication' },
    { property: 'lastProtectedDate', operation: 'lessThan', value: yesterday },
  ];
  const query = queryOf({ Filter: { operation: 'and', items }, Limit: 1 });
  const { json } = await one.call('GET', `/protectedData/virtualMachines/backups${query}`);
  expect(json['totalCount']).toBeGreaterThan(10);
  expect(json['totalCount']).toBeLessThan(100);
});

test.each([
  [true, 'Halted'],
  [false, 'FailoverComplete'],
])('of forty VMs three fail, one of them critical: %s', async (oneIsCritical, state) => {
  const { scenario, faults } = threeOfForty({ oneIsCritical });
  const { ask, after, details } = await site({ scenario, faults });
  await ask('SHOP', 'Failover');
  after(LONG);
  const plan = await details('SHOP');
  expect(plan).toMatchObject({ state });
  const { data: groups = [] } = await details('SHOP', '/Groups');
  expect(groups.reduce((sum, group) => sum + Number(group['errorCount']), 0)).toBe(oneIsCritical ? 1 : 3);
});
