import { expect, test } from 'vitest';
import type { Scenario } from '../../src/simulator/index.ts';
import type { VbrSite } from './vbr-support.ts';
import { vbrSite } from './vbr-support.ts';

/** Longer than any operation of the demo scenario. */
const LONG = 3600;
const CRM = ['crm-db-01', 'crm-app-01'];

async function states({ stateOf }: VbrSite, vms: readonly string[] = CRM): Promise<unknown[]> {
  return Promise.all(vms.map(stateOf));
}

/** Asks the plan and lets it finish. */
async function run({ ask, after }: VbrSite, plan: string, ...actions: string[]): Promise<void> {
  for (const action of actions) {
    expect(await ask(plan, action)).toBe(200);
    after(LONG);
  }
}

test('a failover of VRO moves the replicas one after the other', async () => {
  const here = await vbrSite();
  await here.ask('CRM', 'Failover');
  const seen = [await states(here)];
  here.after(73);
  seen.push(await states(here));
  here.after(30);
  seen.push(await states(here));
  here.after(LONG);
  seen.push(await states(here));
  expect(seen).toEqual([
    ['Processing', 'Ready'],
    ['Failover', 'Ready'],
    ['Failover', 'Processing'],
    ['Failover', 'Failover'],
  ]);
});

test.each([
  [['Failover', 'Undo'], 'Ready'],
  [['Failover', 'ResetState'], 'Failover'],
  [['Failover', 'FailbackToProduction'], 'Failback'],
  [['Failover', 'FailbackToProduction', 'Undo'], 'Failover'],
  [['Failover', 'FailbackToProduction', 'CommitFailback'], 'Ready'],
  [['Failover', 'PermanentFailover'], 'PermanentFailover'],
  [['Failover', 'PrepareToFailback'], 'ReadyToSwitch'],
  [['Failover', 'PrepareToFailback', 'Undo'], 'Failover'],
  [['Failover', 'PrepareToFailback', 'SwitchoverToProduction'], 'Failback'],
  [['ReadinessCheck'], 'Ready'],
])('after %j of the plan its replicas are %s', async (actions, state) => {
  const here = await vbrSite();
  await run(here, 'CRM', ...actions);
  expect(await states(here)).toEqual([state, state]);
});

test('nobody needs to look for things to happen', async () => {
  const looked = await vbrSite();
  const unseen = await vbrSite();
  for (const here of [looked, unseen]) {
    await here.ask('CRM', 'Failover');
    for (let minute = 0; minute < 10; minute += 1) {
      here.after(60);
      if (here === looked) await here.get('/api/v1/sessions');
    }
    await run(here, 'CRM', 'Undo');
  }
  const sessions = await looked.get('/api/v1/sessions');
  expect(sessions.data).toHaveLength(4);
  expect(await unseen.get('/api/v1/sessions')).toEqual(sessions);
});

test('VRO has a session of VBR for each VM it processes', async () => {
  const here = await vbrSite();
  await run(here, 'CRM', 'Failover', 'Undo');
  const { data } = await here.get('/api/v1/sessions?orderAsc=true');
  expect(data?.map(({ name, sessionType, result }) => [name, sessionType, result])).toMatchObject([
    ['crm-db-01', 'Failover', { result: 'Success' }],
    ['crm-app-01', 'Failover', { result: 'Success' }],
    ['crm-db-01', 'UndoFailover', { result: 'Success' }],
    ['crm-app-01', 'UndoFailover', { result: 'Success' }],
  ]);
});

test('a session that VRO runs is stopped in VRO', async () => {
  const here = await vbrSite();
  await here.ask('CRM', 'Failover');
  here.after(10);
  const { data } = await here.get('/api/v1/sessions');
  const answer = await here.vbr.call('POST', `/api/v1/sessions/${data?.[0]?.id ?? ''}/stop`);
  expect([data?.[0]?.['state'], answer.status]).toEqual(['Working', 400]);
});

test('a VM that fails leaves a failed failover, and a retry mends it', async () => {
  const here = await vbrSite();
  here.sim.faults.add({ kind: 'failStep', plan: 'CRM', vm: 'crm-db-01', step: 'Process replica VM' });
  await run(here, 'CRM', 'Failover');
  expect(await states(here)).toEqual(['FailedFailover', 'Ready']);
  await here.ask('CRM', 'Continue', { executionContinueOptions: 'RetryFailedStep' });
  here.after(LONG);
  expect(await states(here)).toEqual(['Failover', 'Failover']);
});

test('a halted plan that is undone leaves all replicas ready', async () => {
  const here = await vbrSite();
  here.sim.faults.add({ kind: 'failStep', plan: 'CRM', vm: 'crm-db-01', step: 'Process replica VM' });
  await run(here, 'CRM', 'Failover', 'Undo');
  expect(await states(here)).toEqual(['Ready', 'Ready']);
  const { data } = await here.get('/api/v1/sessions?typeFilter=UndoFailover');
  expect(data?.map(({ name }) => name)).toEqual(['crm-db-01']);
});

test('a plan that is halted by hand leaves no session running', async () => {
  const here = await vbrSite();
  await here.ask('CRM', 'Failover');
  here.after(1);
  await here.ask('CRM', 'Halt');
  here.after(LONG);
  expect(await states(here)).toEqual(['Ready', 'Ready']);
  expect((await here.get('/api/v1/sessions')).data).toMatchObject([
    { state: 'Stopped', result: { result: 'Failed', isCanceled: true } },
  ]);
});

test('VRO leaves alone what VBR has failed over already', async () => {
  const here = await vbrSite();
  await here.start('failover/plannedFailover', ['crm-db-01']);
  here.after(LONG);
  await run(here, 'CRM', 'Failover');
  const { data } = await here.get('/api/v1/sessions?orderAsc=true');
  expect(data?.map(({ name }) => name)).toEqual(['crm-db-01', 'crm-app-01']);
  expect(await states(here)).toEqual(['Failover', 'Failover']);
});

test('VBR refuses what VRO is busy with', async () => {
  const here = await vbrSite();
  await here.ask('CRM', 'Failover');
  expect((await here.start('failover/failoverNow', ['crm-db-01'])).status).toBe(400);
});

test('a permanent failover is for good', async () => {
  const here = await vbrSite();
  await run(here, 'CRM', 'Failover', 'PermanentFailover', 'ResetState', 'Enable', 'Failover');
  expect(await states(here)).toEqual(['PermanentFailover', 'PermanentFailover']);
});

test('plans that share a VM share its replica', async () => {
  const group = { name: 'g', vms: [{ name: 'both-01', steps: [{ name: 'Start', seconds: 10 }] }] };
  const plans = ['ONE', 'TWO'].map((name) => ({ name, groups: [group] }));
  const here = await vbrSite({ scenario: { name: 'shared', vro: { plans } } satisfies Scenario });
  await run(here, 'ONE', 'Failover');
  expect((await here.get('/api/v1/replicas')).data).toMatchObject([{ state: 'Failover' }]);
});

test('a restore plan restores VMs and moves no replica', async () => {
  const here = await vbrSite();
  await run(here, 'FILES', 'Restore');
  const { data } = await here.get('/api/v1/sessions');
  expect(data).toMatchObject([{ name: 'files-01', sessionType: 'RestoreVm', state: 'Stopped' }]);
});

test('the world report counts what is not at rest', async () => {
  const here = await vbrSite();
  await run(here, 'CRM', 'Failover');
  await here.start('failover/failoverNow', ['erp-db-01']);
  expect((await here.control.call('GET', '/world')).json).toMatchObject({
    vms: 14,
    replicas: { total: 13, notReady: { Failover: 2, Processing: 1 } },
    sessions: { total: 3, running: 1 },
    openAlarms: { Warning: 2 },
  });
});

test('a reset of the world forgets sessions, and makes replicas ready', async () => {
  const here = await vbrSite();
  await run(here, 'CRM', 'Failover');
  here.sim.reset();
  expect(await states(here)).toEqual(['Ready', 'Ready']);
  expect((await here.get('/api/v1/sessions')).data).toEqual([]);
});
