import { expect, test } from 'vitest';
import { virtualClock } from '../../src/simulator/index.ts';
import type { Scenario } from '../../src/simulator/index.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import type { World } from '../../src/simulator/world/world.ts';
import { createWorld } from '../../src/simulator/world/world.ts';

const DAY_MS = 86_400_000;
const scenario: Scenario = {
  name: 'inventory',
  vro: {
    plans: [
      {
        name: 'SHOP',
        groups: [{ name: 'g', vms: [{ name: 'shop-01', steps: [{ name: 's', seconds: 1 }] }] }],
      },
    ],
  },
  vbr: {
    agentBackups: [{ name: 'Agent till-01', computer: 'till-01', points: { newestAgeSeconds: 3600 } }],
    vms: [{ name: 'mail-01', backup: { points: 2 } }],
    cdpPolicies: [{ name: 'CDP gold', rpoSeconds: 30 }],
    sureBackupJobs: [{ name: 'Verify all', lastRunAgeSeconds: 60 }],
  },
};

function world(start?: string): World {
  const clock = virtualClock(start === undefined ? {} : { start });
  return createWorld({ scenario: parseScenario(scenario), clock });
}

test('VMs of plans and listed ones are protected, each once', () => {
  const { inventory } = world().protection;
  expect(inventory.vms.map(({ number, name, replica }) => [number, name, replica !== undefined])).toEqual([
    [1, 'shop-01', true],
    [2, 'mail-01', false],
  ]);
});

test('every VM is found by name, UID and replica', () => {
  const { inventory } = world().protection;
  const [vm] = inventory.vms;
  expect([vm?.name.toUpperCase(), vm?.id, vm?.replica?.id].map((key) => inventory.vm(key ?? ''))).toEqual([
    vm,
    vm,
    vm,
  ]);
});

test('jobs say how many machines they process', () => {
  const { inventory } = world().protection;
  expect(inventory.jobs.map(({ kind, name, size }) => [kind, name, size])).toEqual([
    ['backup', 'Backup SHOP', 1],
    ['replication', 'shop-01', 1],
    ['backup', 'Backup others', 1],
    ['agentBackup', 'Agent till-01', 1],
  ]);
});

test('ids are the same whenever the world starts', () => {
  const ids = ({ protection }: World): unknown[] => {
    const { inventory, replicas } = protection;
    const replica = replicas.find('shop-01');
    return [
      inventory.vms.map(({ id }) => id),
      inventory.jobs.map(({ id }) => id),
      replica && replicas.points(replica).map(({ id }) => id),
    ];
  };
  expect(ids(world())).toEqual(ids(world('2030-05-01T12:34:56Z')));
});

test('computers have an agent backup and its points', () => {
  const { inventory } = world().protection;
  const [computer] = inventory.computers;
  const points = computer && inventory.backupPoints(computer, inventory.start + DAY_MS);
  expect(points?.map(({ at }) => (inventory.start - at) / 3_600_000)).toEqual([-23, 1, 25, 49, 73, 97, 121]);
});

test('what is listed for one VM differs for that one only', () => {
  const { inventory } = world().protection;
  const counts = inventory.vms.map((vm) => inventory.backupPoints(vm, inventory.start).length);
  expect(counts).toEqual([7, 2]);
});

test('CDP policies and SureBackup jobs are as the scenario says', () => {
  const { inventory } = world().protection;
  expect(inventory.cdpPolicies).toMatchObject([{ name: 'CDP gold', rpoSeconds: 30, isDisabled: false }]);
  expect(inventory.sureBackupJobs).toMatchObject([
    { lastRunAt: inventory.start - 60_000, result: 'Success' },
  ]);
});
