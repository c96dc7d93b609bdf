import { expect, test } from 'vitest';
import type { Json, Site } from './support.ts';
import { LONG, site } from './support.ts';
import { planInput, worldOf } from './vro-scenarios.ts';

/** FIRST, then SECOND, then THIRD: each takes ten seconds. */
async function chain(): Promise<Site> {
  const plans = ['FIRST', 'SECOND', 'THIRD'].map((name) => planInput(name));
  const here = await site({ scenario: worldOf(plans) });
  await runAfter(here, 'SECOND', 'FIRST');
  await runAfter(here, 'THIRD', 'SECOND');
  return here;
}

async function runAfter({ vro, idOf }: Site, plan: string, previous: string): Promise<number> {
  const body = { previousPlanId: idOf(previous) };
  return (await vro.call('PUT', `/Plans/${idOf(plan)}/Schedule/SaveRunAfter`, body)).status;
}

async function saveTime({ vro, idOf }: Site, plan: string, seconds: number, clock: number): Promise<number> {
  const body = { startTime: new Date(clock + seconds * 1000).toISOString() };
  return (await vro.call('PUT', `/Plans/${idOf(plan)}/Schedule/SaveTime`, body)).status;
}

async function planOf({ vro, idOf }: Site, plan: string): Promise<Json> {
  return (await vro.call('GET', `/Plans/${idOf(plan)}`)).json;
}

function states(here: Site): unknown[] {
  return here.sim.world.plans().map(({ situation }) => (situation.active ? 'running' : situation.stable));
}

test('chained plans run one after the other', async () => {
  const here = await chain();
  await here.ask('FIRST', 'Failover', { executeChainedPlans: true });
  const seen = [states(here)];
  for (let round = 0; round < 3; round += 1) {
    here.after(10);
    seen.push(states(here));
  }
  expect(seen).toEqual([
    ['running', 'Ready', 'Ready'],
    ['FailoverComplete', 'running', 'Ready'],
    ['FailoverComplete', 'FailoverComplete', 'running'],
    ['FailoverComplete', 'FailoverComplete', 'FailoverComplete'],
  ]);
});

test('a chain that nobody watched has run at the right times', async () => {
  const here = await chain();
  await here.ask('FIRST', 'Failover', { executeChainedPlans: true });
  here.after(LONG);
  expect(await here.details('THIRD')).toMatchObject({
    executionResult: { startTime: '2026-01-15T06:00:20.000Z', finishTime: '2026-01-15T06:00:30.000Z' },
  });
});

test('without being asked for, the chain does not run', async () => {
  const here = await chain();
  await here.ask('FIRST', 'Failover');
  here.after(LONG);
  expect(states(here)).toEqual(['FailoverComplete', 'Ready', 'Ready']);
});

test.each([
  [false, 'FailoverComplete'],
  [true, 'Ready'],
])('halting with fullStop %s leaves the next plan %s', async (fullStop, expected) => {
  const here = await chain();
  await here.ask('FIRST', 'Failover', { executeChainedPlans: true });
  await here.ask('FIRST', 'Halt', { FULLSTOP: fullStop });
  here.after(LONG);
  expect(states(here).slice(0, 2)).toEqual(['Halted', expected]);
});

test('a failure makes the chain wait until the plan goes on', async () => {
  const here = await chain();
  here.sim.faults.add({ kind: 'failStep', plan: 'FIRST', vm: 'vm-01', critical: true });
  await here.ask('FIRST', 'Failover', { executeChainedPlans: true });
  here.after(LONG);
  expect(states(here)).toEqual(['Halted', 'Ready', 'Ready']);
  await here.ask('FIRST', 'Continue', { executionContinueOptions: 'RetryFailedStep' });
  here.after(LONG);
  expect(states(here)[2]).toBe('FailoverComplete');
});

test('a plan runs when its time comes, and once', async () => {
  const here = await site();
  expect(await saveTime(here, 'ERP', 600, here.clock.now())).toBe(200);
  expect(await planOf(here, 'ERP')).toMatchObject({
    schedule: { scheduleEnabled: true, scheduleType: 'OnTime', scheduleTime: '2026-01-15T06:10:00.000Z' },
  });
  here.after(599);
  expect(await here.details('ERP')).toMatchObject({ state: 'Ready' });
  here.after(1);
  expect(await here.details('ERP')).toMatchObject({ state: 'FailoverRunning', planMode: 'InUse' });
  expect(await planOf(here, 'ERP')).toMatchObject({ schedule: { scheduleEnabled: false } });
});

test('a schedule may be in the query', async () => {
  const here = await site();
  const path = `/Plans/${here.idOf('ERP')}/Schedule/SaveTime?StartTime=2026-01-15T07:00:00Z`;
  expect((await here.vro.call('PUT', path)).status).toBe(200);
  expect(here.sim.journal).toMatchObject([
    { call: 'PUT /Plans/{planId}/Schedule/SaveTime', body: { startTime: '2026-01-15T07:00:00Z' } },
  ]);
});

test('a deleted schedule does not run', async () => {
  const here = await site();
  await saveTime(here, 'ERP', 600, here.clock.now());
  const { status } = await here.vro.call('DELETE', `/Plans/${here.idOf('ERP')}/Schedule`);
  here.after(LONG);
  expect([status, here.sim.world.plan('ERP').situation.stable]).toEqual([204, 'Ready']);
});

test('a plan that is disabled when its time comes is left out', async () => {
  const here = await site();
  await saveTime(here, 'ERP', 600, here.clock.now());
  await here.ask('ERP', 'Disable');
  here.after(LONG);
  expect(here.sim.world.plan('ERP').situation.stable).toBe('Ready');
  expect(here.sim.world.changeLog('ERP').at(-1)).toMatchObject({
    by: 'schedule',
    what: 'The scheduled run was left out: it is not enabled',
  });
});

test.each([
  ['a plan that is not enabled', (here: Site) => runAfter(here, 'DISABLED-PLAN', 'ERP'), 400],
  ['a plan after itself', (here: Site) => runAfter(here, 'ERP', 'ERP'), 400],
  [
    'no time',
    ({ vro, idOf }: Site) => statusOf(vro.call('PUT', `/Plans/${idOf('ERP')}/Schedule/SaveTime`)),
    400,
  ],
])('%s cannot be scheduled', async (_title, ask, expected) => {
  expect(await ask(await site())).toBe(expected);
});

test('plans cannot wait for each other', async () => {
  const here = await chain();
  expect(await runAfter(here, 'FIRST', 'THIRD')).toBe(400);
});

async function statusOf(answer: Promise<{ status: number }>): Promise<number> {
  return (await answer).status;
}
