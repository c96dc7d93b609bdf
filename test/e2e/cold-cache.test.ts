import { expect, onTestFinished, test } from 'vitest';
import { drillInputs, openStage, outcomesOf } from '../support/stage.ts';

/** Every workflow task replays the run from its first event: what a worker remembers must not matter. */
test('a drill on workers that remember nothing ends the same', { timeout: 120_000 }, async () => {
  const stage = await openStage({ maxCachedWorkflows: 0 });
  onTestFinished(() => stage.close());
  const runId = await stage.start('dr-drill', { inputs: drillInputs(stage) });
  await stage.gate(runId, 'go');
  await stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris' });
  const view = await stage.ended(runId);
  expect(view.timeline.outcome).toBe('succeeded');
  expect(new Set(Object.values(outcomesOf(view)))).toEqual(new Set(['succeeded']));
  expect(stage.simulator.journal.map(({ call }) => call.replace(/.*\//, ''))).toEqual([
    'ReadinessCheck',
    'Failover',
    'recoveryTokens',
    '{id}',
    'Undo',
    'ResetState',
    'Enable',
  ]);
});

test('so do commands side by side, each of them told to the ledger', { timeout: 120_000 }, async () => {
  const agents = Array.from({ length: 24 }, (_, index) => `branch-${index + 1}`);
  const agentBackups = agents.map((computer) => ({ name: `Agents - ${computer}`, computer }));
  const scenario = { name: 'branches', vro: { plans: [] }, vbr: { agentBackups } };
  const stage = await openStage({ maxCachedWorkflows: 0, scenario });
  onTestFinished(() => stage.close());
  const inputs = { agents: agents.map((name) => ({ name })), validFor: '8h' };
  const view = await stage.ended(await stage.start('agent-tokens', { inputs }));
  expect([view.timeline.outcome, stage.simulator.journal.length]).toEqual(['succeeded', agents.length]);
});
