import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/simulator/index.ts';
import { executionsOf, type Execution } from '../support/executions.ts';
import { replayExecutions } from '../support/replay.ts';
import { decide, runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

const SLOW = { timeout: 120_000 };

const ONE_READ = runbookOf(`
steps:
  - { id: look, uses: vro.plan, with: { plan: ERP-CANARY } }
`);
const TWO_READS = runbookOf(`
steps:
  - { id: look, uses: vro.plan, with: { plan: ERP-CANARY } }
  - { id: again, uses: vro.plan, with: { plan: ERP-CANARY } }
`);
const BESIDE_A_GATE = runbookOf(`
steps:
  - id: both
    parallel:
      - { id: go, manual: { title: Go on? } }
      - id: reads
        steps:
          - { id: ready, wait: 1s }
          - { id: look, uses: vro.plan, with: { plan: ERP-CANARY } }
          - { id: again, uses: vro.plan, with: { plan: ERP-CANARY } }
`);

/** Longer than a read may hold the workflow task. */
const LATE: Fault = { system: 'vro', call: '*', kind: 'latency', ms: 1_500, when: 'after', times: 'always' };
const DOWN: Fault = { system: 'vro', call: '*', kind: 'error', status: 500, when: 'before', times: 'always' };

/** How the reads of a run were done, in the order of its history. */
async function readsOf(stage: Stage, runId: string): Promise<('in the task' | 'as an activity')[]> {
  const executions = await executionsOf(stage, runId);
  expect(await replayExecutions(executions)).toEqual({});
  return executions.flatMap(({ events }) => events.flatMap((event) => readIn(event) ?? []));
}

function readIn(event: Execution['events'][number]): 'in the task' | 'as an activity' | undefined {
  if (event.activityTaskScheduledEventAttributes?.activityType?.name === 'vro.plan') return 'as an activity';
  const { data } = event.markerRecordedEventAttributes?.details?.['data']?.payloads?.[0] ?? {};
  const marker = data === undefined || data === null ? '' : Buffer.from(data).toString('utf8');
  return marker.includes('"vro.plan"') ? 'in the task' : undefined;
}

function struckOften({ simulator }: Stage, id: string): boolean {
  return (simulator.faults.list().find((fault) => fault.id === id)?.struck ?? 0) > 1;
}

describe('a read', () => {
  test('that answers at once is done within the workflow task', SLOW, async () => {
    const stage = await stageForTest();
    const runId = await stage.start(TWO_READS);
    await stage.muster.result(runId);
    expect(await readsOf(stage, runId)).toEqual(['in the task', 'in the task']);
  });

  test('that is slow is done once more as an activity, and the next one at once', SLOW, async () => {
    const stage = await stageForTest();
    stage.simulator.faults.add(LATE);
    const runId = await stage.start(TWO_READS);
    const { outcome } = await stage.muster.result(runId);
    expect(outcome).toBe('succeeded');
    expect(await readsOf(stage, runId)).toEqual(['in the task', 'as an activity', 'as an activity']);
  });

  test('that fails for a reason that may pass is tried on as an activity', SLOW, async () => {
    const stage = await stageForTest();
    const { id } = stage.simulator.faults.add(DOWN);
    const runId = await stage.start(ONE_READ);
    await stage.until(runId, () => struckOften(stage, id));
    stage.simulator.faults.clear();
    const { outcome } = await stage.muster.result(runId);
    expect(outcome).toBe('succeeded');
    expect(await readsOf(stage, runId)).toEqual(['in the task', 'as an activity']);
  });

  test('that nobody can mend fails at once', SLOW, async () => {
    const stage = await stageForTest();
    const runId = await stage.start(ONE_READ.replace('ERP-CANARY', 'NOBODY'));
    await decide(stage, runId, 'look', 'abort');
    await stage.muster.result(runId);
    expect(await readsOf(stage, runId)).toEqual(['in the task']);
  });

  test(
    'behind one that failed is an activity, since nobody knows how long that held the task',
    SLOW,
    async () => {
      const stage = await stageForTest();
      const runId = await stage.start(TWO_READS.replace('ERP-CANARY }', 'NOBODY }, onFailure: continue'));
      await stage.muster.result(runId);
      expect(await readsOf(stage, runId)).toEqual(['in the task', 'as an activity']);
    },
  );

  test('beside a gate holds nobody up', SLOW, async () => {
    const stage = await stageForTest();
    const runId = await stage.start(BESIDE_A_GATE);
    await stage.until(runId, (view) => stepOf(view, 'both/reads').state === 'ended');
    await stage.muster.vote({ runId, gate: 'both/go', decision: 'answer', answer: 'done', person: 'anna' });
    await stage.muster.result(runId);
    expect(await readsOf(stage, runId)).toEqual(['as an activity', 'as an activity']);
  });
});
