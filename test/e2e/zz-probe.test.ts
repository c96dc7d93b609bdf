import { expect, onTestFinished, test } from 'vitest';
import { drillInputs, openStage, outcomesOf, stepOf } from '../support/stage.ts';

test('time', async () => {
  for (let i = 0; i < 3; i += 1) {
  const a = performance.now();
  const stage = await openStage();
  const b = performance.now();
  const runId = await stage.start(`apiVersion: muster/v1
name: t
steps:
  - { id: a, wait: 1s }
`);
  const view = await stage.ended(runId);
  const c = performance.now();
  await stage.close();
  console.log('open', b - a, 'run', c - b, 'close', performance.now() - c, view.timeline.outcome);
  }
});

test('cancel in the middle of a drill', async () => {
  const stage = await openStage({ timeScale: 20 });
  onTestFinished(() => stage.close());
  const runId = await stage.start('dr-drill', { inputs: drillInputs(stage) });
  await stage.gate(runId, 'go');
  await stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris' });
  await stage.until(runId, (v) => stepOf(v, 'failover').command !== undefined);
  await stage.muster.cancel({ runId, person: 'anna' });
  const v = await stage.until(runId, (v) => v.timeline.endedAt !== undefined || v.steps.some((s) => s.state === 'waiting'));
  console.log(JSON.stringify(v.steps.map((s) => [s.path, s.outcome, s.state, s.reason, s.failure?.message]), null, 1));
}); 
test('somebody else after our readiness check', async () => {
  const stage = await openStage();
  onTestFinished(() => stage.close());
  const runId = await stage.start('dr-drill', { inputs: drillInputs(stage) });
  await stage.gate(runId, 'go');
  stage.simulator.world.command('ERP-CANARY', { action: 'Failover' });
  await stage.simulator.settled('ERP-CANARY');
  await stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris' });
  await stage.gate(runId, 'failover');
  await stage.muster.vote({ runId, gate: 'failover', decision: 'abort', comment: 'not ours', person: 'anna' });
  const v = await stage.until(runId, (v) => v.timeline.endedAt !== undefined || v.steps.some((s) => s.state === 'waiting'));
  console.log(JSON.stringify(v.steps.map((s) => [s.path, s.outcome, s.state, s.reason, s.failure?.message]), null, 1), stage.simulator.journal.map((j) => j.call));
});
test('halt', async () => {
  const stage = await openStage({ timeScale: 10 });
  onTestFinished(() => stage.close());
  const runId = await stage.start(`apiVersion: muster/v1
name: t
connections: { vro: dr-site }
steps:
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY }, timeout: 2s }
`);
  await stage.gate(runId, 'failover');
  await stage.muster.vote({ runId, gate: 'failover', decision: 'halt', person: 'anna' });
  const v = await stage.until(runId, (v) => v.timeline.endedAt !== undefined || stepOf(v,'failover').state === 'waiting');
  console.log(JSON.stringify(v.steps, null, 1), stage.simulator.journal.map((j) => j.call));
});
