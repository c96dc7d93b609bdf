import { expect, test } from 'vitest';
import type { Site } from './support.ts';
import { failOver, LONG, site } from './support.ts';

const FAIL_DB = { kind: 'failStep', plan: 'ERP', vm: 'erp-db-01', step: 'Process replica VM' } as const;

/** The ERP, halted because its first database did not start. */
async function halted(failures = 1): Promise<Site> {
  const here = await site();
  here.sim.faults.add({ ...FAIL_DB, failures });
  await failOver(here, 'ERP');
  return here;
}

function attempted(here: Site): Promise<unknown> {
  return here.details('ERP', '/Groups').then(({ data }) => data?.map((group) => group['executionState']));
}

test('a critical step that fails halts the plan', async () => {
  const { details, sim } = await halted();
  expect(await details('ERP')).toMatchObject({
    state: 'Halted',
    stateOrder: '400. Halted',
    resultName: 'Halted, 1 error, no warnings',
    isStableState: true,
    isRunningState: false,
    isUndoPossible: true,
    currentRunResult: 'Error',
    executionState: 'Halted',
    executionResult: {
      result: 'Error',
      finishTime: null,
      details: [{ level: 'Critical', severity: 'Error' }],
    },
  });
  const group = sim.world.plan('ERP').spec.groups[0]?.id ?? '';
  expect((await details('ERP', `/Groups/${group}`)).data).toMatchObject([
    { name: 'erp-db-01', executionState: 'Halted', errorCount: 1, successCount: 1 },
    { name: 'erp-db-02', executionState: 'NotStarted' },
  ]);
});

test('a retry succeeds once the failures are used up', async () => {
  const here = await halted(2);
  await here.ask('ERP', 'Continue', { executionContinueOptions: 'RetryFailedStep' });
  here.after(LONG);
  expect(await here.details('ERP')).toMatchObject({ state: 'Halted' });
  await here.ask('ERP', 'Continue', { executionContinueOptions: 'retryfailedstep' });
  expect(await here.details('ERP')).toMatchObject({ state: 'FailoverRunning', executionState: 'Running' });
  here.after(LONG);
  expect(await here.details('ERP')).toMatchObject({ state: 'FailoverComplete', currentRunResult: 'Success' });
});

test.each([
  // Seconds the rest takes: the ERP's 480, less what is behind or left out.
  ['RetryFailedStep', 478, 'Success'],
  ['RetryFailedVm', 480, 'Success'],
  ['RetryFailedGroup', 480, 'Success'],
  ['ProceedToNextStep', 388, 'Error'],
  ['ProceedToNextVm', 370, 'Error'],
  ['ProceedToNextGroup', 260, 'Error'],
])('%s goes on for %d seconds and ends with %s', async (option, seconds, result) => {
  const here = await halted();
  await here.ask('ERP', 'Continue', { executionContinueOptions: option });
  here.after(seconds - 0.001);
  expect(await here.details('ERP')).toMatchObject({ isRunningState: true });
  here.after(0.001);
  expect(await here.details('ERP')).toMatchObject({ state: 'FailoverComplete', currentRunResult: result });
});

test('what was left out has not started', async () => {
  const here = await halted();
  await here.ask('ERP', 'Continue', { executionContinueOptions: 'ProceedToNextGroup' });
  here.after(LONG);
  const group = here.sim.world.plan('ERP').spec.groups[0]?.id ?? '';
  expect((await here.details('ERP', `/Groups/${group}`)).data).toMatchObject([
    { executionState: 'Completed', executionResult: { result: 'Error' } },
    { executionState: 'NotStarted', executionResult: { result: 'Undefined' } },
  ]);
});

test('a halted plan can be undone', async () => {
  const here = await halted();
  await here.ask('ERP', 'Undo');
  here.after(LONG);
  expect(await here.details('ERP')).toMatchObject({ state: 'UndoFailoverComplete', planMode: 'InUse' });
});

test('a step that is not critical leaves errors behind', async () => {
  const here = await site();
  here.sim.faults.add({ kind: 'failStep', plan: 'ERP', vm: 'erp-web-02', step: 'Verify VM heartbeat' });
  await failOver(here, 'ERP');
  expect(await here.details('ERP')).toMatchObject({
    state: 'FailoverComplete',
    currentRunResult: 'Error',
    executionState: 'Completed',
    executionResult: {
      result: 'Error',
      details: [{ friendlyInfo: expect.stringContaining('erp-web-02') as string }],
    },
  });
});

test('a fault can say that its step is critical', async () => {
  const here = await site();
  here.sim.faults.add({ kind: 'failStep', plan: 'ERP', vm: 'erp-web-02', critical: true });
  await failOver(here, 'ERP');
  expect(await here.details('ERP')).toMatchObject({ state: 'Halted' });
});

test('a plan can end with warnings', async () => {
  const here = await site();
  here.sim.faults.add({ kind: 'endWithWarnings', plan: 'ERP' });
  await failOver(here, 'ERP');
  expect(await here.details('ERP')).toMatchObject({
    state: 'FailoverComplete',
    currentRunResult: 'Warning',
    resultName: 'Complete, no errors, 1 warning',
  });
});

test('a failing readiness check leaves the plan not verified', async () => {
  const here = await site();
  here.sim.faults.add({ kind: 'failStep', plan: 'ERP', vm: 'erp-app-01', during: 'check' });
  await here.ask('ERP', 'ReadinessCheck');
  here.after(LONG);
  expect(await here.details('ERP')).toMatchObject({
    state: 'Ready',
    stateName: 'Not Verified',
    currentCheckResult: 'Error',
  });
});

test('trouble may come while the plan runs', async () => {
  const here = await site();
  await here.ask('ERP', 'Failover');
  here.after(230);
  here.sim.faults.add({ kind: 'failStep', plan: 'ERP', vm: 'erp-app-02', critical: true });
  here.after(LONG);
  expect(await attempted(here)).toEqual(['Completed', 'Halted', 'NotStarted']);
});

test('trouble that is taken back does not come', async () => {
  const here = await site();
  const { release } = here.sim.faults.add(FAIL_DB);
  await here.ask('ERP', 'Failover');
  release();
  here.after(LONG);
  expect(await here.details('ERP')).toMatchObject({ state: 'FailoverComplete', currentRunResult: 'Success' });
});

test('halting lets the running step finish first', async () => {
  const { ask, details, after } = await site();
  await ask('ERP', 'Failover');
  after(50);
  await ask('ERP', 'Halt');
  expect(await details('ERP')).toMatchObject({ state: 'Halting', isRunningState: true });
  after(42);
  expect(await details('ERP')).toMatchObject({
    state: 'Halted',
    currentRunResult: 'Undefined',
    progress: 19,
  });
});

test('a plan halted by hand goes on with its next step', async () => {
  const { ask, details, after } = await site();
  await ask('ERP', 'Failover');
  after(50);
  await ask('ERP', 'Halt');
  after(LONG);
  await ask('ERP', 'Continue', { executionContinueOptions: 'ProceedToNextStep' });
  after(388);
  expect(await details('ERP')).toMatchObject({ state: 'FailoverComplete', currentRunResult: 'Success' });
});

test('a halted check leaves the plan in its default state', async () => {
  const { ask, details, after } = await site();
  await ask('ERP', 'ReadinessCheck');
  await ask('ERP', 'Halt');
  expect(await details('ERP')).toMatchObject({ state: 'CheckHalting' });
  after(LONG);
  expect(await details('ERP')).toMatchObject({ state: 'Ready', currentCheckResult: 'Undefined' });
});
