import { expect, test } from 'vitest';
import { callsTo, decide, runbookOf, stageForTest } from '../support/stage.ts';

test('an approval whose condition cannot be told asks about that, and nothing that it covers is sent', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(
    runbookOf(`
inputs: { zero: { type: integer, default: 0 } }
steps:
  - id: go
    if: 1 / inputs.zero == 1
    approval: { title: Fail over?, covers: [failover], rules: [{ role: dr-manager, count: 1 }] }
  - { id: failover, uses: vro.failover, with: { plan: ERP } }
`),
    { mode: 'live' },
  );
  const { gate, failure } = await stage.gate(runId, 'go');
  expect([gate?.kind, failure?.code]).toEqual(['decision', 'step.expressionFailed']);
  await decide(stage, runId, 'go', 'skip');
  const asked = await stage.gate(runId, 'failover');
  expect([asked.failure?.code, callsTo(stage)]).toEqual(['fence.notAllowed', []]);
});

test('a template in what a person wrote stays a text', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(
    runbookOf(`
steps:
  - { id: ask, manual: { title: Say something, fields: { said: string } } }
  - { id: same, check: 'steps.ask.output.said.contains("run.starter")' }
outputs: { said: '\${{ steps.ask.output.said }}' }
`),
  );
  await stage.gate(runId, 'ask');
  const values = { said: '${{ run.starter }}' };
  await stage.muster.vote({ runId, gate: 'ask', decision: 'answer', answer: 'done', values, person: 'anna' });
  const { outcome, outputs } = await stage.muster.result(runId);
  expect({ outcome, outputs }).toEqual({ outcome: 'succeeded', outputs: values });
});
