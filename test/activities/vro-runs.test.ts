import { describe, expect, test } from 'vitest';
import type { PollInput } from '../../activities/contract.ts';
import type { CommandDone } from '../../src/model/run.ts';
import type { Scenario } from '../../src/simulator/index.ts';
import { planInput, worldOf } from '../simulator/vro-scenarios.ts';
import { LONG_MS, siteOf, type Site } from './site.ts';

const RESTORE = 'POST /Plans/{planId}/Restore';
const SWITCHOVER = 'POST /Plans/{planId}/SwitchoverToProduction';
const BEFORE = '2026-01-14T22:00Z';

/** A restore plan of two machines, of which the backup of one is not as it should be. */
function filesWith(malware: 'Clean' | 'Suspicious' | 'Infected'): Scenario {
  const steps = [{ name: 'Restore VM', seconds: 10, isCritical: true }];
  const vms = [
    { name: 'files-01', malware, steps },
    { name: 'files-02', steps },
  ];
  return {
    name: 'files',
    vro: { plans: [{ name: 'FILES', planType: 'Restore', groups: [{ name: 'Files', vms }] }] },
  };
}

/** Sends a command, lets it come to its end, and watches for that as the step would. */
async function settle(
  { run, world }: Site,
  action: string,
  given: { plan: string } & Record<string, string | boolean | number>,
  input: Partial<PollInput> = {},
): Promise<{ output?: object; outcome?: string }> {
  const done = (await run(action, given, { input })) as CommandDone;
  world.advance(LONG_MS);
  return run('vro.waitUntilStable', { plan: given.plan }, { input: { ...input, command: done } });
}

function bodiesOf({ simulator }: Site): unknown[] {
  return simulator.journal.map(({ body }) => body);
}

function callsTo({ simulator }: Site): string[] {
  return simulator.journal.map(({ call }) => call);
}

describe('vro.restore', () => {
  test('asks for the newest point and no scan unless told otherwise', async () => {
    const site = await siteOf();
    await site.run('vro.restore', { plan: 'FILES' });
    expect(bodiesOf(site)).toMatchObject([
      { restorePointDate: null, virusScan: false, yaraScan: false, executeChainedPlans: false },
    ]);
  });

  test('asks for the point, the place and every scan it is given', async () => {
    const location = '5d0f2a9c-4b1e-4f4b-8b0e-3d1f0d5f0042';
    const yaraRule = '5d0f2a9c-4b1e-4f4b-8b0e-3d1f0d5f0043';
    const plan = { ...planInput('FILES'), planType: 'Restore' } as const;
    const site = await siteOf({
      scenario: worldOf([plan], { recoveryLocations: [{ id: location, name: 'Clean room' }] }),
    });
    await site.run('vro.restore', {
      plan: 'FILES',
      location,
      restorePoint: BEFORE,
      virusScan: true,
      yaraScan: true,
      yaraRule,
      scanPoints: 3,
      onMalware: 'AbortRestore',
    });
    expect(bodiesOf(site)).toMatchObject([
      {
        restoreLocationId: location,
        restorePointDate: new Date(BEFORE).toISOString(),
        virusScan: true,
        yaraScan: true,
        yaraRuleId: yaraRule,
        restorePointsCountForRansomwareScan: 3,
        ransomwareAction: 'AbortRestore',
      },
    ]);
  });

  test('is watched to its end', async () => {
    const site = await siteOf({ scenario: filesWith('Clean') });
    expect(await settle(site, 'vro.restore', { plan: 'FILES', virusScan: true })).toMatchObject({
      outcome: 'succeeded',
      output: { state: 'RestoreComplete', result: 'Success', counts: { vms: 2, errors: 0 } },
    });
  });

  test('ends warned when the scan finds something suspicious', async () => {
    const site = await siteOf({ scenario: filesWith('Suspicious') });
    expect(await settle(site, 'vro.restore', { plan: 'FILES', virusScan: true })).toMatchObject({
      outcome: 'warned',
      output: { result: 'Warning', counts: { warnings: 1 } },
    });
  });

  test('fails when the scan finds malware, and names the machine', async () => {
    const site = await siteOf({ scenario: filesWith('Infected') });
    await expect(settle(site, 'vro.restore', { plan: 'FILES', virusScan: true })).rejects.toMatchObject({
      type: 'vro.planFailed',
      details: [
        {
          acceptable: true,
          failed: [{ vm: 'files-01', step: 'Scan restore point for malware' }],
        },
      ],
    });
  });

  test('finds nothing where nobody asked for a scan', async () => {
    const site = await siteOf({ scenario: filesWith('Infected') });
    expect(await settle(site, 'vro.restore', { plan: 'FILES' })).toMatchObject({ outcome: 'succeeded' });
  });

  test('is sent once when the answer is lost, and adopted', async () => {
    const site = await siteOf();
    site.simulator.faults.add({ kind: 'drop', system: 'vro', call: RESTORE, when: 'after' });
    expect(await site.run('vro.restore', { plan: 'FILES' })).toMatchObject({ how: 'adopted' });
    expect(callsTo(site)).toEqual([RESTORE]);
  });

  test('takes no day for a point in time', async () => {
    const site = await siteOf();
    await expect(
      site.run('vro.restore', { plan: 'FILES', restorePoint: '2026-01-14' }),
    ).rejects.toMatchObject({ type: 'step.badInput' });
  });
});

describe('vro.switchover', () => {
  async function prepared(): Promise<Site> {
    const site = await siteOf();
    site.simulator.world.command('ERP', { action: 'Failover' });
    site.world.advance(LONG_MS);
    await settle(site, 'vro.prepareFailback', { plan: 'ERP' }, { path: 'prepare' });
    return site;
  }

  test('brings a prepared plan home', async () => {
    const site = await prepared();
    expect(await settle(site, 'vro.switchover', { plan: 'ERP' })).toMatchObject({
      outcome: 'succeeded',
      output: { state: 'FailbackComplete', result: 'Success' },
    });
    expect(callsTo(site)).toEqual(['POST /Plans/{planId}/PrepareToFailback', SWITCHOVER]);
  });

  test('sends nothing when the plan is home already', async () => {
    const site = await prepared();
    await settle(site, 'vro.switchover', { plan: 'ERP' });
    expect(await site.run('vro.switchover', { plan: 'ERP' }, { input: { path: 'again' } })).toMatchObject({
      how: 'satisfied',
    });
    expect(callsTo(site).filter((call) => call === SWITCHOVER)).toHaveLength(1);
  });

  test('refuses a plan that was not prepared', async () => {
    const site = await siteOf();
    site.simulator.world.command('ERP', { action: 'Failover' });
    site.world.advance(LONG_MS);
    await expect(site.run('vro.switchover', { plan: 'ERP' })).rejects.toMatchObject({
      type: 'vro.illegalState',
      message: expect.stringContaining('it must be in: prepareToFailback') as string,
    });
    expect(callsTo(site)).toEqual([]);
  });

  test('is sent once when the answer is lost, and adopted', async () => {
    const site = await prepared();
    site.simulator.faults.add({ kind: 'drop', system: 'vro', call: SWITCHOVER, when: 'after' });
    expect(await site.run('vro.switchover', { plan: 'ERP' })).toMatchObject({ how: 'adopted' });
    expect(callsTo(site).filter((call) => call === SWITCHOVER)).toHaveLength(1);
  });
});
