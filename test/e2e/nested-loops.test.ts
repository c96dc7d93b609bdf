import { expect, test } from 'vitest';
import { approve, callsTo, decide, outcomesOf, runbookOf, stageForTest, stepOf } from '../support/stage.ts';

const SITES = runbookOf(`
inputs:
  sites: { type: list, of: string }
  limit: { type: integer }
vars: { numbers: [1, 2, 3] }
steps:
  - id: sites
    forEach: { items: '\${{ inputs.sites }}', as: site, key: '\${{ site }}', failures: collect }
    steps:
      - { id: named, check: 'site != ""' }
      - id: numbers
        forEach: { items: '\${{ vars.numbers }}', as: number, key: '\${{ number }}', maxConcurrency: 3 }
        steps:
          - { id: small, check: 'number < inputs.limit && steps.named.outcome == "succeeded" && site != "x"' }
`);

test('a loop in a loop has the items of both, and paths with both keys', async () => {
  const stage = await stageForTest();
  const view = await stage.ended(
    await stage.start(SITES, { inputs: { sites: ['a', 'b'], limit: 9 }, continueAfter: 2 }),
  );
  expect(view.outcome).toBe('succeeded');
  expect(view.timeline.continuations).toBeGreaterThan(1);
  expect(stepOf(view, 'sites/b/numbers/3/small').outcome).toBe('succeeded');
  expect(stepOf(view, 'sites').output).toMatchObject({ total: 2, succeeded: 2 });
});

test('a failure in an inner loop waits for the end of the outer one that collects', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(SITES, { inputs: { sites: ['a', 'b'], limit: 3 }, continueAfter: 3 });
  const { failure } = await stage.gate(runId, 'sites');
  expect(failure).toMatchObject({ code: 'step.itemsFailed', details: { failed: 2, ok: 0 } });
  await decide(stage, runId, 'sites', 'skip');
  const outcomes = outcomesOf(await stage.ended(runId));
  expect(outcomes).toMatchObject({
    'sites/a/numbers/2/small': 'succeeded',
    'sites/a/numbers/3/small': 'failed',
    'sites/b/numbers': 'failed',
    sites: 'warned',
  });
});

test('an approval covers the commands of inner loops for every item', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(
    runbookOf(`
vars: { plans: [ERP, CRM], twice: [1] }
steps:
  - id: go
    approval: { title: Check?, covers: [failover], rules: [{ role: dr-manager, count: 1 }] }
  - id: plans
    forEach: { items: '\${{ vars.plans }}', as: plan, key: '\${{ plan }}' }
    steps:
      - id: once
        forEach: { items: '\${{ vars.twice }}', as: time, key: '\${{ time }}' }
        steps: [{ id: failover, uses: vro.failover, with: { plan: '\${{ plan }}' } }]
`),
    { mode: 'live' },
  );
  const { gate } = await stage.gate(runId, 'go');
  expect(gate?.covered.map(({ path }) => path)).toEqual([
    'plans/ERP/once/1/failover',
    'plans/CRM/once/1/failover',
  ]);
  await approve(stage, runId, 'go', 'boris');
  expect((await stage.ended(runId)).outcome).toBe('succeeded');
  expect(callsTo(stage)).toHaveLength(2);
});
