import { expect, test } from 'vitest';
import { planInput, worldOf } from './vro-scenarios.ts';
import { LONG, site } from './support.ts';

/** ERP-CANARY takes 140 seconds; a test waits ten before and powers off for thirty after. */
test('a test passes through its states and leaves the plan where it was', async () => {
  const { sim, details, after } = await site();
  sim.world.startTest('ERP-CANARY');
  const seen: unknown[] = [];
  for (const seconds of [0, 10, 140, 30]) {
    after(seconds);
    const { state, currentTestResult, planMode } = await details('ERP-CANARY');
    seen.push([state, currentTestResult, planMode]);
  }
  expect(seen).toEqual([
    ['TestPending', 'Undefined', 'Enabled'],
    ['TestRunning', 'Undefined', 'Enabled'],
    ['TestPoweringOff', 'Undefined', 'Enabled'],
    ['Ready', 'Success', 'Enabled'],
  ]);
});

test('a test leaves the result of the last run alone', async () => {
  const { sim, details, after } = await site();
  sim.faults.add({ kind: 'endWithWarnings', plan: 'ERP', during: 'test' });
  sim.world.startTest('ERP');
  after(LONG);
  expect(await details('ERP')).toMatchObject({
    currentTestResult: 'Warning',
    currentRunResult: 'Undefined',
    executionState: 'Completed',
    executionResult: { result: 'Warning' },
  });
});

test('a test can be halted, and is reset then', async () => {
  const { sim, ask, details, after } = await site();
  sim.world.startTest('ERP');
  after(20);
  expect(await ask('ERP', 'Halt')).toBe(200);
  expect(await details('ERP')).toMatchObject({ state: 'TestHalting', isRunningState: true });
  after(LONG);
  expect(await details('ERP')).toMatchObject({ state: 'TestHalted', isStableState: true });
  expect(await ask('ERP', 'Continue', { executionContinueOptions: 'RetryFailedStep' })).toBe(400);
  expect(await ask('ERP', 'ResetState')).toBe(200);
});

test('a critical failure halts a test', async () => {
  const { sim, details, after } = await site();
  const fault = { kind: 'failStep', plan: 'ERP', vm: 'erp-db-01', during: 'test', critical: true } as const;
  sim.faults.add(fault);
  sim.world.startTest('ERP');
  after(LONG);
  expect(await details('ERP')).toMatchObject({ state: 'TestHalted', currentTestResult: 'Error' });
});

test('a test that is powering off cannot be halted', async () => {
  const { sim, ask, after } = await site();
  sim.world.startTest('ERP-CANARY');
  after(160);
  expect(await ask('ERP-CANARY', 'Halt')).toBe(400);
});

test('a cloud plan is not tested', async () => {
  const { sim } = await site({ scenario: worldOf([planInput('PLAN', { planType: 'Cloud' })]) });
  expect(() => sim.world.startTest('PLAN')).toThrow(expect.objectContaining({ code: 'ILLEGAL_ACTION' }));
});

test('no API starts a test', async () => {
  const { ask } = await site();
  expect(await ask('ERP', 'StartTest')).toBe(404);
});
