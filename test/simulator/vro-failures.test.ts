import { expect, test } from 'vitest';
import type { Json, Site } from './support.ts';
import { LONG, site } from './support.ts';
import { worldOf } from './vro-scenarios.ts';

/** Forty machines, of which the first five are critical; each has a critical step and one that is not. */
async function forty(): Promise<Site> {
  const vms = Array.from({ length: 40 }, (_, index) => ({
    name: `vm-${index + 1}`,
    isCritical: index < 5,
    steps: [
      { name: 'Process VM', seconds: 10, isCritical: true },
      { name: 'Ping VM', seconds: 2 },
    ],
  }));
  return site({ scenario: worldOf([{ name: 'PLAN', groups: [{ name: 'Machines', vms }] }]) });
}

async function run(here: Site, failing: Readonly<Record<string, string>>): Promise<Json> {
  for (const [vm, step] of Object.entries(failing)) {
    here.sim.faults.add({ kind: 'failStep', plan: 'PLAN', vm, step });
  }
  await here.ask('PLAN', 'Failover');
  here.after(LONG);
  return here.details('PLAN');
}

async function failed({ details, sim }: Site): Promise<unknown> {
  const group = sim.world.plan('PLAN').spec.groups[0]?.id ?? '';
  const filter = JSON.stringify([
    { property: 'executionResult.result', operator: 'in', value: ['Error', 'Warning'] },
  ]);
  const { data } = await details('PLAN', `/Groups/${group}?filter=${encodeURIComponent(filter)}`);
  return data?.map((vm) => [vm.name, vm['isCritical'], (vm['executionResult'] as Json)['result']]);
}

test('machines that are not critical fail, and the plan goes on', async () => {
  const here = await forty();
  const details = await run(here, { 'vm-10': 'Process VM', 'vm-20': 'Process VM', 'vm-30': 'Process VM' });
  expect(details).toMatchObject({
    state: 'FailoverComplete',
    currentRunResult: 'Error',
    resultName: 'Complete, 3 errors, no warnings',
  });
  expect(await failed(here)).toEqual(['vm-10', 'vm-20', 'vm-30'].map((name) => [name, false, 'Error']));
});

test('a critical machine that fails halts the plan', async () => {
  const here = await forty();
  const details = await run(here, { 'vm-3': 'Process VM', 'vm-20': 'Process VM', 'vm-30': 'Process VM' });
  expect(details).toMatchObject({ state: 'Halted', currentRunResult: 'Error', isUndoPossible: true });
  expect(await failed(here)).toEqual([['vm-3', true, 'Error']]);
});

test('after the halt the plan goes on past the failed machine', async () => {
  const here = await forty();
  await run(here, { 'vm-3': 'Process VM', 'vm-20': 'Process VM', 'vm-30': 'Process VM' });
  await here.ask('PLAN', 'Continue', { executionContinueOptions: 'ProceedToNextVm' });
  here.after(LONG);
  expect(await here.details('PLAN')).toMatchObject({ state: 'FailoverComplete', currentRunResult: 'Error' });
  expect(await failed(here)).toEqual([
    ['vm-3', true, 'Error'],
    ['vm-20', false, 'Error'],
    ['vm-30', false, 'Error'],
  ]);
});

test('a step that is not critical fails with a warning only', async () => {
  const here = await forty();
  const details = await run(here, { 'vm-3': 'Ping VM' });
  expect(details).toMatchObject({
    currentRunResult: 'Warning',
    resultName: 'Complete, no errors, 1 warning',
    executionResult: { result: 'Warning', details: [{ level: 'Normal', severity: 'Error' }] },
  });
  expect(await failed(here)).toEqual([['vm-3', true, 'Warning']]);
});
