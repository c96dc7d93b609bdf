import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { threeOfForty, virtualClock, type VirtualClock } from '../../src/simulator/index.ts';
import { PROJECT_ROOT } from '../../src/stack/project.ts';
import { callsTo, decide, runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

const AN_HOUR_IN_MS = 3_600_000;

const FAILOVER = runbookOf(`
steps:
  - id: failover
    uses: vro.failover
    with: { plan: SHOP }
    accept: { warnings: true, if: '!output.failed.exists(vm, vm.isCritical)' }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: SHOP } }
  - { id: reset, uses: vro.reset, with: { plan: SHOP } }
  - { id: enable, uses: vro.enable, with: { plan: SHOP } }
`);

/** A world of 40 machines of which three will fail, and a drill that may touch it. */
async function shop(options: { oneIsCritical: boolean; clock?: VirtualClock }): Promise<Stage> {
  const { scenario, faults } = threeOfForty(options);
  const shipped = await readFile(join(PROJECT_ROOT, 'muster.yaml'), 'utf8');
  const config = shipped.replace('dr-site/plan/ERP-CANARY', 'dr-site/plan/SHOP');
  const { clock } = options;
  const stage = await stageForTest({ scenario, config, ...(clock === undefined ? {} : { clock }) });
  for (const fault of faults) stage.simulator.faults.add(fault);
  return stage;
}

test('three of 40 machines fail, one of them critical: one decision leads to warned', async () => {
  const stage = await shop({ oneIsCritical: true });
  const runId = await stage.start(FAILOVER);
  await decide(stage, runId, 'failover', 'continue', { option: 'RetryFailedStep' });
  const view = await stage.ended(runId);
  const { outcome, output, decisions } = stepOf(view, 'failover');
  expect([outcome, decisions?.length, view.outcome]).toEqual(['warned', 1, 'warned']);
  expect(output).toMatchObject({ counts: { vms: 40, errors: 2 }, more: 0 });
});

test('no gate opens when none of the machines that fail is critical', async () => {
  const stage = await shop({ oneIsCritical: false });
  const runId = await stage.start(FAILOVER);
  const view = await stage.ended(runId);
  const { outcome, output, gate, decisions } = stepOf(view, 'failover');
  expect([outcome, gate, decisions]).toEqual(['warned', undefined, undefined]);
  expect(output).toMatchObject({
    counts: { vms: 40, errors: 3 },
    failed: [{ isCritical: false }, { isCritical: false }, { isCritical: false }],
  });
});

test("Continue that somebody presses in VRO's own console is noticed and adopted", async () => {
  const stage = await shop({ oneIsCritical: true });
  const runId = await stage.start(FAILOVER);
  await stage.gate(runId, 'failover');
  stage.simulator.world.command('SHOP', { action: 'Continue', option: 'RetryFailedStep' });
  const view = await stage.ended(runId);
  const { outcome, decisions } = stepOf(view, 'failover');
  expect([outcome, decisions]).toMatchObject(['warned', [{ decision: 'adopt', person: 'somebody in VRO' }]]);
  expect(callsTo(stage)).not.toContain('POST /Plans/{planId}/Continue');
});

test("Undo that somebody presses in VRO's own console is noticed, and no success", async () => {
  const clock = virtualClock();
  const stage = await shop({ oneIsCritical: true, clock });
  const runId = await stage.start(FAILOVER);
  await stage.until(runId, () => callsTo(stage).length > 0);
  clock.advance(AN_HOUR_IN_MS);
  const before = await stage.gate(runId, 'failover');
  stage.simulator.world.command('SHOP', { action: 'Undo' });
  clock.advance(AN_HOUR_IN_MS);
  const view = await stage.until(runId, (now) => {
    const { gate } = stepOf(now, 'failover');
    return gate !== undefined && gate.closedAt === undefined && gate.nonce !== before.gate?.nonce;
  });
  expect(stepOf(view, 'failover').failure).toMatchObject({ code: 'vro.planFailed' });
  await decide(stage, runId, 'failover', 'abort');
  clock.advance(AN_HOUR_IN_MS);
  await stage.until(runId, () => callsTo(stage).includes('POST /Plans/{planId}/ResetState'));
  clock.advance(AN_HOUR_IN_MS);
  expect(await stage.ended(runId)).toMatchObject({ outcome: 'failed' });
});
