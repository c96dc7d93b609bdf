import { expect, test } from 'vitest';
import type { PlanInput } from './vro-scenarios.ts';
import { planInput, worldOf } from './vro-scenarios.ts';
import type { Site } from './support.ts';
import { LONG, site } from './support.ts';

type PlanType = NonNullable<PlanInput['planType']>;

async function siteOf(planType: PlanType, plan: Partial<PlanInput> = {}): Promise<Site> {
  return site({ scenario: worldOf([planInput('PLAN', { planType, ...plan })]) });
}

/** Does one thing after the other, and waits for each. */
async function walk(here: Site, actions: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const action of actions) {
    statuses.push(await here.ask('PLAN', action));
    here.after(LONG);
  }
  return statuses;
}

const COURSES: readonly [PlanType, string, Record<string, unknown>][] = [
  ['Replica', 'Failover', { state: 'FailoverComplete', stateName: 'Failover', isUndoPossible: true }],
  ['CDPReplica', 'Failover', { state: 'FailoverComplete', isUndoPossible: true }],
  ['Storage', 'Failover', { state: 'FailoverComplete', isUndoPossible: false }],
  ['Restore', 'Restore', { state: 'RestoreComplete', stateOrder: '300. Restored', isUndoPossible: false }],
  ['Cloud', 'Restore', { state: 'RestoreComplete', stateName: 'Restored', lastStableStateName: 'Restore' }],
  [
    'Replica',
    'Failover PermanentFailover',
    { state: 'PermanentFailoverComplete', isUndoPossible: false, planMode: 'InUse' },
  ],
  [
    'Replica',
    'Failover PrepareToFailback',
    { state: 'PrepareToFailbackComplete', stateName: 'Prepare for Failback', isUndoPossible: true },
  ],
  ['Replica', 'Failover PrepareToFailback Undo', { state: 'FailoverComplete' }],
  ['Replica', 'Failover PrepareToFailback SwitchoverToProduction', { state: 'FailbackComplete' }],
  ['Replica', 'Failover FailbackToProduction Undo', { state: 'FailoverComplete' }],
  [
    'CDPReplica',
    'Failover PrepareToFailback SwitchoverToProduction CommitFailback',
    { state: 'CommitFailbackComplete', planMode: 'InUse' },
  ],
  ['Restore', 'Restore ResetState', { state: 'Ready', planMode: 'Disabled', stateName: 'Needs Verified' }],
];

test.each(COURSES)('a %s plan after %s is where the guide says', async (planType, actions, expected) => {
  const here = await siteOf(planType);
  const statuses = await walk(here, actions.split(' '));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(await here.details('PLAN')).toMatchObject({ ...expected, isStableState: true });
});

test.each<[PlanType, string, string]>([
  ['Replica', '', 'Restore'],
  ['Restore', '', 'Failover'],
  ['Cloud', 'Restore', 'Undo'],
  ['Storage', 'Failover', 'Undo'],
  ['Storage', 'Failover', 'FailbackToProduction'],
  ['Storage', 'Failover', 'PermanentFailover'],
  ['Replica', 'Failover', 'SwitchoverToProduction'],
  ['Replica', 'Failover PermanentFailover', 'FailbackToProduction'],
  ['Replica', 'Failover PermanentFailover', 'Undo'],
  ['Restore', 'Restore', 'Restore'],
])('a %s plan after "%s" refuses %s', async (planType, actions, refused) => {
  const here = await siteOf(planType);
  await walk(here, actions === '' ? [] : actions.split(' '));
  expect(await here.ask('PLAN', refused)).toBe(400);
});

test.each([
  ['Unknown', 200],
  ['HPE', 400],
] as const)('a halted storage plan of the vendor %s answers an undo with %d', async (vendor, status) => {
  const here = await siteOf('Storage', { vendor });
  await here.ask('PLAN', 'Failover');
  await here.ask('PLAN', 'Halt');
  here.after(LONG);
  expect(await here.ask('PLAN', 'Undo')).toBe(status);
});

test('a restore may go to another location', async () => {
  const scenario = worldOf([planInput('PLAN', { planType: 'Restore' })], {
    recoveryLocations: [{ name: 'Bunker' }],
  });
  const here = await site({ scenario });
  const bunker = here.sim.world.scenario.vro.recoveryLocations.find(({ name }) => name === 'Bunker')?.id;
  await here.ask('PLAN', 'Restore', { restoreLocationId: bunker, virusScan: true, yaraScan: true });
  here.after(LONG);
  expect(await here.details('PLAN')).toMatchObject({
    recoveryToNewLocation: true,
    recoveryLocationId: bunker,
  });
});

test('a restore to an unknown location is not found', async () => {
  const here = await siteOf('Restore');
  const restoreLocationId = '11111111-1111-4111-8111-111111111111';
  expect(await here.ask('PLAN', 'Restore', { restoreLocationId })).toBe(404);
});

test('a malware scan comes before the restore of each machine', async () => {
  const scenario = worldOf([
    {
      name: 'PLAN',
      planType: 'Restore',
      groups: [
        {
          name: 'Machines',
          vms: [
            { name: 'clean', steps: [{ name: 'Restore VM', seconds: 10 }] },
            { name: 'ill', malware: 'Infected', steps: [{ name: 'Restore VM', seconds: 10 }] },
          ],
        },
      ],
    },
  ]);
  const here = await site({ scenario });
  await here.ask('PLAN', 'Restore', { virusScan: true });
  here.after(80);
  const group = here.sim.world.plan('PLAN').spec.groups[0]?.id ?? '';
  expect((await here.details('PLAN', `/Groups/${group}`)).data).toMatchObject([
    { name: 'clean', totalCount: 2, executionResult: { result: 'Success' } },
    { name: 'ill', errorCount: 1, executionResult: { result: 'Error' } },
  ]);
});

test('a failed failback of a critical machine halts the plan', async () => {
  const here = await site();
  here.sim.faults.add({ kind: 'failStep', plan: 'ERP', vm: 'erp-db-01', during: 'failback' });
  await here.ask('ERP', 'Failover');
  here.after(LONG);
  await here.ask('ERP', 'FailbackToProduction');
  here.after(LONG);
  expect(await here.details('ERP')).toMatchObject({ state: 'Halted', currentRunResult: 'Error' });
  await here.ask('ERP', 'Undo');
  here.after(LONG);
  expect(await here.details('ERP')).toMatchObject({ state: 'FailoverComplete' });
});

test('a virtual group has steps of its own', async () => {
  const scenario = worldOf([
    {
      name: 'PLAN',
      groups: [
        { name: 'Before', steps: [{ name: 'Send mail', seconds: 5 }] },
        { name: 'Machines', vms: [{ name: 'vm-01', steps: [{ name: 'Process VM', seconds: 10 }] }] },
      ],
    },
  ]);
  const here = await site({ scenario });
  await here.ask('PLAN', 'Failover');
  here.after(6);
  const { data } = await here.details('PLAN', '/Groups');
  expect(data).toMatchObject([
    { groupType: 'VirtualGroup', executionState: 'Completed', totalCount: 1, successCount: 1 },
    { groupType: 'VmGroup', executionState: 'Running' },
  ]);
  expect(await here.details('PLAN', `/Groups/${data?.[0]?.id ?? ''}/Steps`)).toMatchObject({
    total: 1,
    data: [{ name: 'Send mail', executionState: 'Completed' }],
  });
});
