import { describe, expect, test } from 'vitest';
import { decide, outcomesOf, runbookOf, stageForTest, stepOf } from '../support/stage.ts';

describe('branches side by side', () => {
  test('are as many at a time as the runbook says', async () => {
    const stage = await stageForTest();
    const view = await stage.ended(
      await stage.start(
        runbookOf(`
steps:
  - id: all
    maxConcurrency: 1
    parallel: [{ id: a, wait: 1s }, { id: b, wait: 1s }]
`),
      ),
    );
    const { endedAt = NaN } = stepOf(view, 'all/a');
    expect(stepOf(view, 'all/b').startedAt).toBeGreaterThanOrEqual(endedAt);
  });

  const failing = runbookOf(`
steps:
  - id: all
    failFast: true
    parallel:
      - { id: broken, check: 'false' }
      - { id: long, wait: 1d }
      - id: block
        steps: [{ id: before, wait: 1d }, { id: after, check: 'true' }]
`);

  test('end with the first that fails when they fail fast, and people are asked once', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(failing);
    const { failure } = await stage.gate(runId, 'all');
    expect(failure?.code).toBe('step.branchFailed');
    expect(outcomesOf(await stage.muster.show(runId))).toMatchObject({
      'all/broken': 'failed',
      'all/long': 'cancelled',
      'all/block/before': 'cancelled',
      'all/block/after': 'skipped',
    });
    await decide(stage, runId, 'all', 'skip');
    expect((await stage.ended(runId)).outcome).toBe('warned');
  });

  test('that failed fast are tried again together', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(failing);
    await decide(stage, runId, 'all', 'retry');
    await stage.until(
      runId,
      (view) => stepOf(view, 'all').attempt === 2 && stepOf(view, 'all').state === 'waiting',
    );
    await decide(stage, runId, 'all', 'abort');
    expect((await stage.ended(runId)).outcome).toBe('failed');
  });
});

describe('a wait', () => {
  test('takes its duration from an input, and ends at a moment', async () => {
    const stage = await stageForTest();
    const at = new Date(Date.now() + 2_000).toISOString();
    const view = await stage.ended(
      await stage.start(
        runbookOf(`
inputs: { patience: { type: duration }, at: { type: string } }
steps:
  - { id: short, wait: '\${{ inputs.patience }}' }
  - { id: until, wait: { until: '\${{ inputs.at }}' } }
`),
        { inputs: { patience: '1s', at } },
      ),
    );
    expect(view.outcome).toBe('succeeded');
    expect(stepOf(view, 'until').endedAt).toBeGreaterThanOrEqual(Date.parse(at));
  });

  test('for what is no time fails before it waits', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      runbookOf(`
inputs: { at: { type: string } }
steps: [{ id: until, wait: { until: '\${{ inputs.at }}' } }]
`),
      { inputs: { at: 'tomorrow' } },
    );
    expect((await stage.gate(runId, 'until')).failure).toMatchObject({ code: 'step.badInput' });
    await decide(stage, runId, 'until', 'abort');
    await stage.ended(runId);
  });
});

describe('a run', () => {
  test('answers its outputs, and leaves out what is not known', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      runbookOf(`
inputs: { name: { type: string, default: ERP } }
steps:
  - { id: plan, uses: vro.plan, with: { plan: ERP-CANARY } }
  - { id: never, if: 'false', uses: vro.plan, with: { plan: ERP } }
outputs:
  name: '\${{ inputs.name }}'
  mode: '\${{ steps.plan.output.mode }}'
  missing: '\${{ steps.never.output.mode }}'
`),
    );
    const result = await stage.muster.result(runId);
    expect(result.outputs).toEqual({ name: 'ERP', mode: 'Enabled' });
  });

  test('asks at its end for what it was started without', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      runbookOf(`
inputs: { change: { type: string, pattern: 'CHG\\d+', requiredBy: end } }
steps: [{ id: first, check: '!has(inputs.change)' }]
always: [{ id: last, check: 'inputs.change == "CHG1"' }]
`),
    );
    await stage.gate(runId, 'muster.inputs');
    await stage.muster.vote({
      runId,
      gate: 'muster.inputs',
      decision: 'answer',
      answer: 'given',
      values: { change: 'CHG1' },
      person: 'anna',
    });
    const view = await stage.ended(runId);
    expect([view.outcome, stepOf(view, 'always/last').outcome]).toEqual(['succeeded', 'succeeded']);
  });

  test('measures how long an application was away, and how much of that people were waited for', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      runbookOf(`
objectives: { rto: 2h }
steps:
  - { id: begin, wait: 1s, marks: { lost: ERP } }
  - { id: ask, manual: { title: Go on? } }
  - { id: back, wait: 1s, marks: { recovered: [ERP, CRM] } }
`),
    );
    await stage.gate(runId, 'ask');
    await stage.muster.vote({ runId, gate: 'ask', decision: 'answer', answer: 'done', person: 'anna' });
    const { timeline, steps } = await stage.ended(runId);
    const [erp, crm] = timeline.recoveries ?? [];
    const begin = stepOf({ steps }, 'begin').startedAt;
    const back = stepOf({ steps }, 'back').endedAt;
    expect(erp).toMatchObject({ application: 'ERP', lostAt: begin, recoveredAt: back });
    expect(erp?.waitedForPeopleMs).toBeGreaterThan(0);
    expect(crm).toMatchObject({ application: 'CRM', lostAt: timeline.startedAt });
  });
});

test('a read is tried again only for the failures that the runbook names', async () => {
  const stage = await stageForTest();
  const view = await stage.ended(
    await stage.start(
      runbookOf(`
steps:
  - id: other
    uses: vro.plan
    with: { plan: NOWHERE }
    retry: { attempts: 3, backoff: 1s, on: ['veeam.*'] }
    onFailure: continue
  - id: named
    uses: vro.plan
    with: { plan: NOWHERE }
    retry: { attempts: 2, backoff: 1s, factor: 2, on: [vro.planNotFound] }
    onFailure: continue
`),
    ),
  );
  expect([stepOf(view, 'other').attempt, stepOf(view, 'named').attempt]).toEqual([1, 2]);
});
