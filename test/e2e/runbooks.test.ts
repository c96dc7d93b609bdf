import { expect, test } from 'vitest';
import { approve, callsTo, outcomesOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

function healthOf({ simulator }: Stage, plan: string): string {
  return `${simulator.urls.app}/apps/${plan}/health`;
}

/** Somebody works in VRO's own console. */
async function failOverInVro({ simulator }: Stage, plan: string): Promise<void> {
  simulator.world.command(plan, { action: 'Failover' });
  await simulator.settled(plan);
}

test('a production failover asks two roles and leaves the plan at the recovery site', async () => {
  const stage = await stageForTest();
  const inputs = { plan: 'ERP', url: healthOf(stage, 'ERP') };
  const runId = await stage.start('production-failover', { mode: 'live', purpose: 'incident', inputs });
  await approve(stage, runId, 'go', 'boris', 'dieter');
  const view = await stage.ended(runId);
  expect([...new Set(Object.values(outcomesOf(view))), view.outcome]).toEqual(['succeeded', 'succeeded']);
  expect(callsTo(stage)).toEqual(['POST /Plans/{planId}/ReadinessCheck', 'POST /Plans/{planId}/Failover']);
});

test('a production failover measures how long the recovery took', async () => {
  const stage = await stageForTest();
  const inputs = { plan: 'CRM', url: healthOf(stage, 'CRM') };
  const runId = await stage.start('production-failover', { mode: 'live', inputs });
  await approve(stage, runId, 'go', 'boris', 'dieter');
  const { steps, timeline } = await stage.ended(runId);
  const start = stepOf({ steps }, 'failover').startedAt ?? NaN;
  const end = stepOf({ steps }, 'checks/web').endedAt ?? NaN;
  expect(timeline.achievedRtoMs).toBe(end - start);
});

test('whoever starts a production failover cannot approve it', async () => {
  const stage = await stageForTest();
  const inputs = { plan: 'ERP', url: healthOf(stage, 'ERP') };
  const runId = await stage.start('production-failover', { mode: 'live', inputs, person: 'emil' });
  await expect(approve(stage, runId, 'go', 'emil')).rejects.toMatchObject({ code: 'vote.refused' });
  await approve(stage, runId, 'go', 'carla', 'dieter');
  const view = await stage.ended(runId);
  expect(view).toMatchObject({
    outcome: 'succeeded',
    timeline: { refused: { latest: [{ refusal: 'excluded' }] } },
  });
});

test('a failback brings a plan home, commits it and makes it ready again', async () => {
  const stage = await stageForTest();
  await failOverInVro(stage, 'ERP');
  const runId = await stage.start('failback', { mode: 'live', purpose: 'planned', inputs: { plan: 'ERP' } });
  await approve(stage, runId, 'goBack', 'boris', 'dieter');
  await approve(stage, runId, 'goCommit', 'carla', 'dieter');
  const view = await stage.ended(runId);
  expect([view.outcome, ...callsTo(stage)]).toEqual([
    'succeeded',
    'POST /Plans/{planId}/FailbackToProduction',
    'POST /Plans/{planId}/CommitFailback',
    'POST /Plans/{planId}/ResetState',
    'POST /Plans/{planId}/Enable',
  ]);
  expect(stage.simulator.world.plan('ERP').situation).toMatchObject({ stable: 'Ready', mode: 'Enabled' });
});

test('nothing is committed before people have said so', async () => {
  const stage = await stageForTest();
  await failOverInVro(stage, 'ERP');
  const runId = await stage.start('failback', { mode: 'live', inputs: { plan: 'ERP' } });
  await approve(stage, runId, 'goBack', 'boris', 'dieter');
  await stage.gate(runId, 'goCommit');
  expect(callsTo(stage)).toEqual(['POST /Plans/{planId}/FailbackToProduction']);
});

test('a recovery token is issued, and the run never sees it', async () => {
  const stage = await stageForTest();
  const backupId = stage.simulator.world.scenario.vbr.agentBackups[0]?.id;
  const runId = await stage.start('recovery-tokens', { inputs: { backupId, validFor: '2h' } });
  const view = await stage.ended(runId);
  const [token] = stage.simulator.world.recoveryTokens.list();
  expect([view.outcome, ...callsTo(stage)]).toEqual(['succeeded', 'POST /api/v1/agents/recoveryTokens']);
  expect(stepOf(view, 'after').output).toMatchObject({ total: 1, tokens: [{ id: token?.id }] });
  expect(JSON.stringify(view)).not.toContain(token?.recoveryToken ?? '?');
});

test.each(['production-failover', 'failback'])('%s is refused as a drill', async (runbook) => {
  const stage = await stageForTest({ worker: false });
  const inputs = runbook === 'failback' ? { plan: 'ERP' } : { plan: 'ERP', url: healthOf(stage, 'ERP') };
  await expect(stage.start(runbook, { inputs })).rejects.toMatchObject({
    code: 'run.refused',
    diagnostics: [{ code: 'MODE_EMPTY' }],
  });
});
