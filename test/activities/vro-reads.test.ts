import { describe, expect, test } from 'vitest';
import type { Fault, Scenario } from '../../src/simulator/index.ts';
import type { VmRuntimeDetails, VroClient } from '../../src/veeam/index.ts';
import { LONG_MS, siteOf, type Site, type SiteOptions } from './site.ts';

/** As many machines as there are here fail, and one less critical one. */
const MACHINES = 60;
const CRITICAL = 3;

type Vm = NonNullable<Scenario['vro']['plans'][number]['groups'][number]['vms']>[number];

const vm = (prefix: string) => (_: unknown, index: number) =>
  ({
    name: `${prefix}-${String(index + 1).padStart(2, '0')}`,
    steps: [
      { name: 'Process replica VM', seconds: 10, isCritical: true },
      { name: 'Verify VM heartbeat', seconds: 5, isCritical: true },
    ],
  }) satisfies Vm;

/** A plan of two groups; the databases are critical. */
const FARM: Scenario = {
  name: 'farm',
  vro: {
    plans: [
      {
        name: 'FARM',
        groups: [
          { name: 'Web', vms: Array.from({ length: MACHINES }, vm('web')) },
          { name: 'Databases', isCritical: true, vms: Array.from({ length: CRITICAL }, vm('db')) },
        ],
      },
    ],
  },
};

const fails = (name: string, message = 'No heartbeat'): Fault => ({
  kind: 'failStep',
  plan: 'FARM',
  vm: name,
  step: 'Verify VM heartbeat',
  critical: false,
  message,
});

/** The farm after a failover in which these machines failed. */
async function farm(
  failing: readonly string[],
  options: Omit<SiteOptions, 'scenario' | 'faults'> = {},
): Promise<Site> {
  const site = await siteOf({ scenario: FARM, faults: failing.map((name) => fails(name)), ...options });
  site.simulator.world.command('FARM', { action: 'Failover' });
  site.world.advance(LONG_MS);
  return site;
}

const webs = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => vm('web')(_, index).name);

describe('vro.planVms', () => {
  test('lists how each machine came through', async () => {
    const { run } = await farm(['web-02']);
    const { output } = await run('vro.planVms', { plan: 'FARM', limit: 3 });
    expect(output).toEqual({
      vms: [
        { group: 'Web', vm: 'web-01', isCritical: false, result: 'Success' },
        { group: 'Web', vm: 'web-02', isCritical: false, result: 'Error' },
        { group: 'Web', vm: 'web-03', isCritical: false, result: 'Success' },
      ],
      total: MACHINES + CRITICAL,
      more: MACHINES + CRITICAL - 3,
    });
  });

  test('gives every machine once, page by page', async () => {
    const { run } = await farm([]);
    const seen: string[] = [];
    for (let more = 1; more > 0;) {
      const { output } = await run('vro.planVms', { plan: 'FARM', start: seen.length, limit: 25 });
      const page = output as { vms: { vm: string }[]; more: number };
      seen.push(...page.vms.map((one) => one.vm));
      ({ more } = page);
    }
    expect(new Set(seen).size).toBe(MACHINES + CRITICAL);
    expect(seen).toHaveLength(MACHINES + CRITICAL);
  });

  test('lists those that failed alone when asked to', async () => {
    const { run } = await farm(['web-07', 'web-31', 'db-02']);
    const { output } = await run('vro.planVms', { plan: 'FARM', onlyFailed: true, start: 1 });
    expect(output).toMatchObject({
      vms: [{ vm: 'web-31' }, { vm: 'db-02', isCritical: true }],
      total: 3,
      more: 0,
    });
  });

  test('answers an empty page behind the last machine', async () => {
    const { run } = await farm([]);
    const { output } = await run('vro.planVms', { plan: 'FARM', start: 1_000 });
    expect(output).toEqual({ vms: [], total: MACHINES + CRITICAL, more: 0 });
  });

  test('says what is missing when there is no such plan', async () => {
    const { run } = await siteOf();
    await expect(run('vro.planVms', { plan: 'NO SUCH' })).rejects.toMatchObject({
      type: 'vro.planNotFound',
      message: expect.stringContaining('"NO SUCH"') as string,
    });
  });
});

describe('vro.runtimeDetails', () => {
  test('goes down to the step that failed, in the words of VRO', async () => {
    const { run } = await farm(['web-02']);
    const { output } = await run('vro.runtimeDetails', { plan: 'FARM' });
    expect(output).toMatchObject({
      state: 'FailoverComplete',
      result: 'Error',
      running: false,
      progress: 100,
      counts: { groups: 2, vms: 63, succeeded: 62, errors: 1 },
      failed: [
        {
          group: 'Web',
          vm: 'web-02',
          isCritical: false,
          step: 'Verify VM heartbeat',
          info: '[Verify VM heartbeat] No heartbeat',
        },
      ],
      more: 0,
      groups: [
        { name: 'Web', vms: 60, errors: 1 },
        { name: 'Databases', result: 'Success', vms: 3, errors: 0 },
      ],
    });
  });

  test('names fifty that failed, the critical ones first, and counts the rest', async () => {
    const { run } = await farm([...webs(MACHINES), 'db-03']);
    const { output } = await run('vro.runtimeDetails', { plan: 'FARM' });
    const { failed, more } = output as { failed: { vm: string; isCritical: boolean }[]; more: number };
    expect(failed.slice(0, 2)).toMatchObject([
      { vm: 'db-03', isCritical: true },
      { vm: 'web-01', isCritical: false },
    ]);
    expect([failed.length, more]).toEqual([50, 11]);
  });

  test('counts a machine as critical when VRO does not say what it is', async () => {
    const { run } = await farm(['web-02'], { changeClient: silentAboutCritical });
    const { output } = await run('vro.runtimeDetails', { plan: 'FARM' });
    expect(output).toMatchObject({ failed: [{ vm: 'web-02', isCritical: true }] });
  });

  test.each(['vro.runtimeDetails', 'vro.planVms'])(
    'finds machines that have "Failed", too: %s',
    async (action) => {
      const { run } = await farm(['web-02'], { changeClient: sayingFailed });
      const given = { plan: 'FARM', ...(action === 'vro.planVms' ? { onlyFailed: true } : {}) };
      const { failed, vms } = (await run(action, given)).output as Record<string, unknown>;
      expect(failed ?? vms).toMatchObject([{ vm: 'web-02' }]);
    },
  );

  test('shows how far a plan is that runs', async () => {
    const site = await siteOf({ scenario: FARM });
    site.simulator.world.command('FARM', { action: 'Failover' });
    site.world.advance(12_000);
    const { output } = await site.run('vro.runtimeDetails', { plan: 'FARM' });
    const { progress } = output as { progress: number };
    expect(output).toMatchObject({ running: true, result: 'Undefined', finishedAt: null, failed: [] });
    expect(progress).toBeGreaterThan(0);
  });

  test('knows nothing of a plan that never ran', async () => {
    const { run } = await siteOf({ scenario: FARM });
    const { output } = await run('vro.runtimeDetails', { plan: 'FARM' });
    expect(output).toMatchObject({ result: 'Undefined', startedAt: null, failed: [], groups: [] });
  });
});

/** A client whose server tells of machines in this way. */
function withVms(client: VroClient, change: (vm: VmRuntimeDetails) => VmRuntimeDetails): VroClient {
  const groupVms: VroClient['runtimeDetails']['groupVms'] = async (planId, groupId, options) => {
    const { data, total } = await client.runtimeDetails.groupVms(planId, groupId, options);
    return { total, data: data.map(change) };
  };
  return { ...client, runtimeDetails: { ...client.runtimeDetails, groupVms } };
}

/** Leaves the field out, as versions may. */
function silentAboutCritical(client: VroClient): VroClient {
  return withVms(client, (one) => ({ ...one, isCritical: undefined }));
}

/** Spells the result of what failed in its other way. */
function sayingFailed(client: VroClient): VroClient {
  return withVms(client, (one) => {
    const { executionResult } = one;
    return executionResult?.result === 'Error'
      ? { ...one, executionResult: { ...executionResult, result: 'Failed' } }
      : one;
  });
}

describe('vro.plan', () => {
  test('reads how a plan stands', async () => {
    const { run } = await siteOf();
    const { output } = await run('vro.plan', { plan: 'ERP' });
    expect(output).toEqual({
      id: '0c4a7e0e-41de-4f4b-8b0e-3d1f0d5f0002',
      name: 'ERP',
      planType: 'Replica',
      state: 'Ready',
      stateName: 'Verified',
      mode: 'Enabled',
      verification: 'Verified',
      lastResult: 'Undefined',
    });
  });

  test('takes an id for a name', async () => {
    const { run } = await siteOf();
    const { output } = await run('vro.plan', { plan: '0c4a7e0e-41de-4f4b-8b0e-3d1f0d5f0002' });
    expect(output).toMatchObject({ name: 'ERP' });
  });
});

describe('vro.plans', () => {
  const names = (output: unknown): string[] =>
    (output as { plans: { name: string }[] }).plans.map(({ name }) => name);

  test('lists plans in the order of their names', async () => {
    const { run } = await siteOf();
    const { output } = await run('vro.plans', {});
    expect(names(output)).toEqual(['CRM', 'DISABLED-PLAN', 'ERP', 'ERP-CANARY', 'FILES']);
    expect(output).toMatchObject({ total: 5, more: 0 });
  });

  test.each([
    [{ nameContains: 'ERP' }, ['ERP', 'ERP-CANARY']],
    [{ planType: 'Restore' }, ['FILES']],
    [{ nameContains: 'ERP', planType: 'Restore' }, []],
    [{ onlyEnabled: true }, ['CRM', 'ERP', 'ERP-CANARY', 'FILES']],
  ])('lists those of %o', async (given, expected) => {
    const { run } = await siteOf();
    expect(names((await run('vro.plans', given)).output)).toEqual(expected);
  });

  test('lists a hundred, and counts the rest', async () => {
    const plans = Array.from({ length: 130 }, (_, index) => ({
      name: `P${String(index).padStart(3, '0')}`,
      groups: [{ name: 'G', vms: [vm(`p${index}`)(undefined, 0)] }],
    }));
    const { run } = await siteOf({ scenario: { name: 'many', vro: { plans } } });
    const { output } = await run('vro.plans', {});
    expect(output).toMatchObject({ total: 130, more: 30 });
    expect(names(output).at(-1)).toBe('P099');
  });
});

describe('vro.recoveryLocations', () => {
  const scenario: Scenario = {
    name: 'places',
    vro: {
      plans: [],
      recoveryLocations: [{ name: 'Azure', type: 'AzureCloud', availability: 'Unavailable' }],
    },
  };

  test('lists them with what they are', async () => {
    const { run } = await siteOf({ scenario });
    const { output } = await run('vro.recoveryLocations', {});
    const { locations } = output as { locations: { name: string }[] };
    expect(locations.map(({ name }) => name)).toContain('Original VM Location');
    expect(output).toMatchObject({ total: locations.length, more: 0 });
  });

  test('lists those of one type', async () => {
    const { run } = await siteOf({ scenario });
    expect((await run('vro.recoveryLocations', { type: 'AzureCloud' })).output).toMatchObject({
      locations: [{ name: 'Azure', availability: 'Unavailable' }],
      total: 1,
    });
  });
});

test('vro.licenseUsage counts instances', async () => {
  const { run } = await siteOf();
  const { output } = await run('vro.licenseUsage', {});
  expect(output).toEqual({
    managedInstances: expect.any(Number) as number,
    newInstances: expect.any(Number) as number,
  });
});
