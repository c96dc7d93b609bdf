import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunView } from '../../src/client/index.ts';
import { LARGEST_PLAN, largeScenario, type Fault, type Scenario } from '../../src/simulator/index.ts';
import { PROJECT_ROOT } from '../../src/stack/project.ts';
import { executionsOf, type Execution } from '../support/executions.ts';
import { decide, runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

const SLOW = { timeout: 120_000 };
const MOST_BYTES = 64 * 1_024;
const VMS = 2_000;
const FAILING = 300;
/** The failover takes more than an hour and a half, one machine after the other: a second here. */
const TIME_SCALE = 6_000;

/** Long names, of letters that take two bytes: what is bounded must be bounded in any alphabet. */
const longer = (name: string): string => `${name} ${'Österreichische Außenstelle Ö'.repeat(3)}`;

/** The large world's largest plan alone, with the longest names that are shown whole, and longer. */
function largestPlan(): Scenario['vro']['plans'][number] {
  const plan = largeScenario().vro.plans.find(({ name }) => name === LARGEST_PLAN);
  if (plan === undefined) throw new Error(`the large scenario has no plan ${LARGEST_PLAN}`);
  return {
    name: 'LARGE',
    groups: plan.groups.map((group) => ({
      ...group,
      name: longer(group.name),
      vms: group.vms?.map((vm) => ({ ...vm, name: longer(vm.name) })) ?? [],
    })),
  };
}

/** Every so many machines one fails, and VRO has much to say about it. */
function faultsOf({ groups }: Scenario['vro']['plans'][number]): readonly Fault[] {
  const names = groups.flatMap(({ vms = [] }) => vms.map(({ name }) => name));
  return Array.from({ length: FAILING }, (_, index) => ({
    kind: 'failStep',
    plan: 'LARGE',
    vm: names[index * Math.floor(VMS / FAILING)] ?? '',
    step: 'Verify VM heartbeat',
    critical: false,
    message: 'Die Überprüfung hat länger gedauert als möglich. '.repeat(20),
  }));
}

const LOOKS = `
  - { id: page, uses: vro.planVms, with: { plan: LARGE, start: 1900 } }
  - { id: failed, uses: vro.planVms, with: { plan: LARGE, onlyFailed: true } }
  - { id: details, uses: vro.runtimeDetails, with: { plan: LARGE } }
  - { id: alarms, uses: one.openAlarms }
  - { id: rpo, uses: one.checkRpo, with: { target: 1m }, onFailure: continue }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: LARGE } }
  - { id: reset, uses: vro.reset, with: { plan: LARGE } }
  - { id: enable, uses: vro.enable, with: { plan: LARGE } }
`;
const ACCEPTED = runbookOf(`
steps:
  - { id: ready, uses: vro.readinessCheck, with: { plan: LARGE } }
  - id: failover
    uses: vro.failover
    with: { plan: LARGE }
    accept: { if: size(output.failed) > 0 }${LOOKS}`);
const ASKED = runbookOf(`
steps:
  - { id: failover, uses: vro.failover, with: { plan: LARGE } }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: LARGE } }
  - { id: reset, uses: vro.reset, with: { plan: LARGE } }
  - { id: enable, uses: vro.enable, with: { plan: LARGE } }
`);

async function large(runbook: string): Promise<{ stage: Stage; runId: string }> {
  const plan = largestPlan();
  const shipped = await readFile(join(PROJECT_ROOT, 'muster.yaml'), 'utf8');
  const config = shipped.replace('dr-site/plan/ERP-CANARY', 'dr-site/plan/LARGE');
  const stage = await stageForTest({
    scenario: { name: 'one-large-plan', vro: { plans: [plan] } },
    faults: faultsOf(plan),
    config,
    timeScale: TIME_SCALE,
  });
  return { stage, runId: await stage.start(runbook) };
}

type Payloads = readonly { readonly data?: Uint8Array | null }[] | null | undefined;

/** What each activity answered, local ones and failures too, in bytes, the largest first. */
function resultSizes(executions: readonly Execution[]): readonly number[] {
  const sizeOf = (payloads: Payloads): number =>
    (payloads ?? []).reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  return executions
    .flatMap(({ events }) => events)
    .flatMap((event) => {
      const failed = event.activityTaskFailedEventAttributes?.failure;
      const marker = event.markerRecordedEventAttributes;
      return [
        sizeOf(event.activityTaskCompletedEventAttributes?.result?.payloads),
        sizeOf(failed?.applicationFailureInfo?.details?.payloads) + Buffer.byteLength(failed?.message ?? ''),
        ...Object.values(marker?.details ?? {}).map(({ payloads }) => sizeOf(payloads)),
      ];
    })
    .sort((a, b) => b - a);
}

async function largestResult(stage: Stage, runId: string): Promise<number> {
  return resultSizes(await executionsOf(stage, runId))[0] ?? 0;
}

function sizeOfOutput(view: RunView, path: string): number {
  return Buffer.byteLength(JSON.stringify(stepOf(view, path).output));
}

test('a run over 2,000 machines of which 300 fail keeps every result under 64 KB', SLOW, async () => {
  const { stage, runId } = await large(ACCEPTED);
  const view = await stage.ended(runId);
  expect(stepOf(view, 'failover')).toMatchObject({
    outcome: 'warned',
    output: { counts: { vms: VMS, errors: FAILING }, more: FAILING - 50 },
  });
  expect(stepOf(view, 'page').output).toMatchObject({ total: VMS, more: 0 });
  expect(stepOf(view, 'failed').output).toMatchObject({ total: FAILING, more: FAILING - 100 });
  expect(stepOf(view, 'alarms').output).toMatchObject({ more: expect.any(Number) as number });
  expect(stepOf(view, 'rpo').failure).toMatchObject({ details: { counts: { vms: VMS } } });
  const largest = await largestResult(stage, runId);
  expect(largest).toBeGreaterThan(sizeOfOutput(view, 'failover'));
  expect(largest).toBeLessThan(MOST_BYTES);
});

test('a gate about 300 machines that failed has its facts in under 64 KB', SLOW, async () => {
  const { stage, runId } = await large(ASKED);
  const { failure } = await stage.gate(runId, 'failover');
  expect(failure).toMatchObject({ code: 'vro.planFailed', details: { counts: { errors: FAILING } } });
  await decide(stage, runId, 'failover', 'skip');
  await stage.ended(runId);
  const largest = await largestResult(stage, runId);
  expect(largest).toBeGreaterThan(10_000);
  expect(largest).toBeLessThan(MOST_BYTES);
});
