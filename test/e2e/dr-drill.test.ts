import { expect, onTestFinished, test } from 'vitest';
import { drillInputs, openStage, outcomesOf } from '../support/stage.ts';

test('a drill fails over, checks, issues a token and leaves everything as it was', async () => {
  const stage = await openStage();
  onTestFinished(() => stage.close());
  const runId = await stage.start('dr-drill', { inputs: drillInputs(stage) });
  await stage.gate(runId, 'go');
  await stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris' });
  const view = await stage.ended(runId);
  expect(view.timeline.outcome).toBe('succeeded');
  expect(new Set(Object.values(outcomesOf(view)))).toEqual(new Set(['succeeded']));
  expect(stage.simulator.journal.map(({ call }) => call)).toEqual([
    'POST /Plans/{planId}/ReadinessCheck',
    'POST /Plans/{planId}/Failover',
    'POST /api/v1/agents/recoveryTokens',
    'DELETE /api/v1/agents/recoveryTokens/{id}',
    'POST /Plans/{planId}/Undo',
    'POST /Plans/{planId}/ResetState',
    'POST /Plans/{planId}/Enable',
  ]);
  expect(stage.simulator.world.plan('ERP-CANARY')).toMatchObject({
    situation: { stable: 'Ready', mode: 'Enabled' },
  });
});
