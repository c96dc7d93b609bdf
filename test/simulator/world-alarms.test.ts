import { expect, test } from 'vitest';
import type { Scenario } from '../../src/simulator/index.ts';
import type { VbrSite } from './vbr-support.ts';
import { vbrSite } from './vbr-support.ts';

const LONG = 3600;

function alarms({ sim }: VbrSite): unknown[] {
  return sim.world.protection.alarms
    .list()
    .map(({ template, source, status, repeatCount }) => [template.name, source.name, status, repeatCount]);
}

test('a failover raises an alarm per VM, and undoing it resolves them', async () => {
  const here = await vbrSite();
  await here.ask('CRM', 'Failover');
  here.after(LONG);
  const raised = alarms(here);
  await here.ask('CRM', 'Undo');
  here.after(LONG);
  expect(raised).toEqual([
    ['VM with no replica', 'crm-db-01', 'Warning', 1],
    ['VM with no replica', 'crm-app-01', 'Warning', 1],
  ]);
  expect(alarms(here)).toEqual([
    ['VM with no replica', 'crm-db-01', 'Resolved', 1],
    ['VM with no replica', 'crm-app-01', 'Resolved', 1],
  ]);
});

test('an alarm that is raised again is counted', async () => {
  const here = await vbrSite();
  for (const what of ['failoverNow', 'undoFailover', 'failoverNow']) {
    await here.start(`failover/${what}`, ['crm-db-01']);
    here.after(LONG);
  }
  expect(alarms(here)).toEqual([['VM with no replica', 'crm-db-01', 'Warning', 2]]);
});

test('the alarm stays until the failback is committed', async () => {
  const here = await vbrSite();
  const seen: unknown[] = [];
  for (const action of ['Failover', 'FailbackToProduction', 'CommitFailback']) {
    await here.ask('CRM', action);
    here.after(LONG);
    seen.push(here.sim.world.report().openAlarms);
  }
  expect(seen).toEqual([{ Warning: 2 }, { Warning: 2 }, {}]);
});

test('a failed failover is an error until it is undone', async () => {
  const here = await vbrSite();
  here.sim.faults.add({ kind: 'failStep', plan: 'CRM', vm: 'crm-db-01', step: 'Process replica VM' });
  await here.ask('CRM', 'Failover');
  here.after(LONG);
  expect(alarms(here)).toEqual([['Replica failover failed', 'crm-db-01', 'Error', 1]]);
  await here.ask('CRM', 'Undo');
  here.after(LONG);
  expect(here.sim.world.report().openAlarms).toEqual({});
});

const scenario: Scenario = {
  name: 'alarms',
  vro: { plans: [] },
  alarms: [
    {
      name: 'Datastore free space',
      object: 'ds-01',
      objectType: 'Datastore',
      status: 'Error',
      ageSeconds: 60,
    },
    { name: 'Job disabled', object: 'Backup CRM', predefinedId: 316, status: 'Acknowledged' },
  ],
};

test('a scenario may start with alarms', async () => {
  const { sim } = await vbrSite({ scenario });
  expect(sim.world.protection.alarms.list()).toMatchObject([
    { id: 1, source: { name: 'ds-01', type: 'Datastore' }, raisedAt: Date.parse('2026-01-15T05:59:00Z') },
    { id: 2, template: { id: 316, predefinedId: 316 }, status: 'Acknowledged' },
  ]);
});

test.each([
  ['Resolve', 'Resolved'],
  ['Acknowledge', 'Acknowledged'],
  ['Action', 'Remediated'],
] as const)('people can answer an alarm: %s', async (resolveType, status) => {
  const { sim } = await vbrSite({ scenario });
  const { alarms: known } = sim.world.protection;
  known.resolve([1], { comment: 'seen', resolveType });
  expect(known.get(1)).toMatchObject({ status, comment: 'seen' });
});

test('one unknown alarm keeps the others as they are', async () => {
  const { sim } = await vbrSite({ scenario });
  const { alarms: known } = sim.world.protection;
  expect(() => known.resolve([1, 9], { comment: '', resolveType: 'Resolve' })).toThrow('alarm 9');
  expect(known.get(1).status).toBe('Error');
});
