import { expect, test } from 'vitest';
import { failOver, LONG, site } from './support.ts';

test('a running failover shows its flags and progress', async () => {
  const { ask, details, after } = await site();
  await ask('ERP', 'Failover');
  after(240);
  expect(await details('ERP')).toMatchObject({
    state: 'FailoverRunning',
    stateName: 'Failover',
    stateOrder: '200. Failover',
    lastStableState: 'Ready',
    isRunningState: true,
    isStableState: false,
    isUndoPossible: false,
    totalProgress: 50,
    planMode: 'InUse',
    currentRunResult: 'Undefined',
    executionState: 'Running',
    executionResult: { result: 'Undefined', startTime: '2026-01-15T06:00:00.000Z', finishTime: null },
  });
});

test('a failover of the ERP ends after eight minutes', async () => {
  const { ask, details, after } = await site();
  await ask('ERP', 'Failover');
  after(479.999);
  expect(await details('ERP')).toMatchObject({ isRunningState: true, progress: 99 });
  after(0.001);
  expect(await details('ERP')).toMatchObject({
    state: 'FailoverComplete',
    stateOrder: '300. Failover',
    resultName: 'Complete, no errors, no warnings',
    isStableState: true,
    isUndoPossible: true,
    currentRunResult: 'Success',
    progress: 100,
    executionState: 'Completed',
    executionResult: { result: 'Success', finishTime: '2026-01-15T06:08:00.000Z' },
  });
});

test('groups run one after the other', async () => {
  const { ask, details, after } = await site();
  await ask('ERP', 'Failover');
  after(250);
  const { data } = await details('ERP', '/Groups');
  expect(data).toMatchObject([
    {
      name: 'ERP database',
      executionState: 'Completed',
      progress: 100,
      successCount: 2,
      totalCount: 2,
      vmsCriticality: 'AllCritical',
    },
    {
      name: 'ERP application',
      executionState: 'Running',
      progress: 21,
      successCount: 0,
      vmsCriticality: 'AllNotCritical',
    },
    { name: 'ERP web', executionState: 'NotStarted', progress: 0, executionResult: { startTime: null } },
  ]);
});

test('the VMs of a group move on their own', async () => {
  const { ask, details, after } = await site();
  await ask('ERP', 'Failover');
  after(111);
  const group = (await details('ERP', '/Groups')).data?.[0]?.id ?? '';
  expect((await details('ERP', `/Groups/${group}`)).data).toMatchObject([
    {
      name: 'erp-db-01',
      number: 1,
      isCritical: true,
      executionState: 'Completed',
      successCount: 4,
      totalCount: 4,
    },
    { name: 'erp-db-02', number: 2, executionState: 'Running', progress: 0, successCount: 0 },
  ]);
});

test('the steps of a VM tell what they did', async () => {
  const { ask, details, after, sim } = await site();
  await ask('ERP', 'Failover');
  after(3);
  const vm = sim.world.plan('ERP').spec.groups[0]?.vms[0]?.id ?? '';
  const { data } = await details('ERP', `/Vms/${vm}/Steps`);
  expect(data?.slice(0, 2)).toMatchObject([
    {
      actionType: 'CheckVmLicense',
      executionState: 'Completed',
      executionResult: {
        result: 'Success',
        finishTime: '2026-01-15T06:00:02.000Z',
        details: [{ level: 'Critical', severity: 'Success' }],
      },
    },
    { name: 'Process replica VM', executionState: 'Running', progress: 1, executionResult: { details: [] } },
  ]);
  expect((await details('ERP', `/Steps/${data?.[0]?.id ?? ''}`)).data).toHaveLength(1);
});

test('an inventory group has no steps of its own', async () => {
  const here = await site();
  await failOver(here, 'ERP');
  const group = here.sim.world.plan('ERP').spec.groups[0]?.id ?? '';
  expect(await here.details('ERP', `/Groups/${group}/Steps`)).toEqual({ total: 0, data: [] });
});

test.each(['Groups/x', 'Groups/x/Steps', 'Vms/x/Steps', 'Steps/x'])(
  'unknown details %s are not found',
  async (path) => {
    const here = await site();
    await failOver(here, 'ERP');
    expect((await here.vro.call('GET', `/RuntimeDetails/Plans/${here.idOf('ERP')}/${path}`)).status).toBe(
      404,
    );
  },
);

test('a plan that never ran has no groups in its details', async () => {
  const { details } = await site();
  expect(await details('CRM')).toMatchObject({
    executionState: 'NotStarted',
    progress: 0,
    isStableState: true,
  });
  expect((await details('CRM', '/Groups')).total).toBe(0);
});

test('a readiness check verifies a plan and leaves it where it is', async () => {
  const { ask, details, after } = await site();
  await ask('DISABLED-PLAN', 'ReadinessCheck');
  expect(await details('DISABLED-PLAN')).toMatchObject({
    state: 'CheckRunning',
    currentCheckResult: 'Undefined',
  });
  after(60);
  expect(await details('DISABLED-PLAN')).toMatchObject({
    state: 'Ready',
    stateName: 'Verified',
    planMode: 'Disabled',
    currentCheckResult: 'Success',
    executionState: 'Completed',
  });
});

test('undoing a failover leaves the plan in use until it is reset', async () => {
  const here = await site();
  await failOver(here, 'ERP');
  await here.ask('ERP', 'Undo');
  expect(await here.details('ERP')).toMatchObject({ state: 'UndoFailoverRunning', planMode: 'InUse' });
  here.after(120);
  expect(await here.details('ERP')).toMatchObject({
    state: 'UndoFailoverComplete',
    planMode: 'InUse',
    isUndoPossible: false,
  });
});

test('undoing a failback returns to the failover', async () => {
  const here = await site();
  await failOver(here, 'ERP');
  await here.ask('ERP', 'FailbackToProduction');
  here.after(LONG);
  await here.ask('ERP', 'Undo');
  expect(await here.details('ERP')).toMatchObject({
    state: 'UndoFailbackRunning',
    lastStableState: 'FailbackComplete',
  });
  here.after(LONG);
  expect(await here.details('ERP')).toMatchObject({ state: 'FailoverComplete' });
});

test('a reset plan is in its default state, disabled and forgetful', async () => {
  const here = await site();
  await failOver(here, 'ERP');
  await here.ask('ERP', 'ResetState');
  expect(await here.details('ERP')).toMatchObject({ state: 'Resetting', isRunningState: true });
  here.after(5);
  expect(await here.details('ERP')).toMatchObject({
    state: 'Ready',
    stateName: 'Needs Verified',
    planMode: 'Disabled',
    executionState: 'NotStarted',
    currentRunResult: 'Undefined',
  });
});

test('a reset can be followed by a readiness check', async () => {
  const here = await site();
  await failOver(here, 'ERP');
  await here.ask('ERP', 'ResetState', { executeReadinessCheck: true });
  here.after(6);
  expect(await here.details('ERP')).toMatchObject({ state: 'CheckRunning', planMode: 'Disabled' });
  here.after(60);
  expect(await here.details('ERP')).toMatchObject({ state: 'Ready', stateName: 'Verified' });
});

test('the servers tell the simulated time', async () => {
  const { vro, after } = await site();
  after(60);
  expect((await vro.call('GET', '/Plans')).headers.get('date')).toBe('Thu, 15 Jan 2026 06:01:00 GMT');
});
