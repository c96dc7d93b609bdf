import { expect, test } from 'vitest';
import type { Scenario } from '../../src/simulator/index.ts';
import { approve, callsTo, decide, outcomesOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

const READY = 'POST /Plans/{planId}/ReadinessCheck';
const RESTORE = 'POST /Plans/{planId}/Restore';
const BEFORE = '2026-01-14T22:00:00Z';

/** A restore plan whose first machine, which is not critical, has this in its restore points. */
function shares(malware: 'Clean' | 'Suspicious' | 'Infected'): Scenario {
  const steps = [{ name: 'Restore VM', seconds: 30, isCritical: true }];
  const vms = [
    { name: 'share-01', malware, steps },
    { name: 'share-02', steps },
  ];
  return {
    name: 'shares',
    vro: { plans: [{ name: 'SHARES', planType: 'Restore', groups: [{ name: 'Shares', vms }] }] },
  };
}

function inputsFor({ simulator }: Stage, plan: string): Record<string, unknown> {
  return { plan, before: BEFORE, url: `${simulator.urls.app}/apps/${plan}/health` };
}

/** A restore of SHARES that two managers have approved. */
async function approved(malware: 'Suspicious' | 'Infected'): Promise<{ stage: Stage; runId: string }> {
  const stage = await stageForTest({ scenario: shares(malware) });
  const inputs = inputsFor(stage, 'SHARES');
  const runId = await stage.start('cyber-restore', { mode: 'live', purpose: 'incident', inputs });
  await approve(stage, runId, 'go', 'boris', 'carla');
  return { stage, runId };
}

test('a cyber restore asks two managers, then restores from the chosen point with a scan', async () => {
  const stage = await stageForTest();
  const inputs = { ...inputsFor(stage, 'FILES'), yara: true };
  const runId = await stage.start('cyber-restore', { mode: 'live', purpose: 'incident', inputs });
  await approve(stage, runId, 'go', 'boris', 'carla');
  const view = await stage.ended(runId);
  expect([view.outcome, ...new Set(Object.values(outcomesOf(view)))]).toEqual(['succeeded', 'succeeded']);
  expect(stage.simulator.journal).toMatchObject([
    { call: READY, target: 'FILES' },
    {
      call: RESTORE,
      target: 'FILES',
      body: { restorePointDate: new Date(BEFORE).toISOString(), virusScan: true, yaraScan: true },
    },
  ]);
});

test('one manager alone restores nothing', async () => {
  const stage = await stageForTest();
  const runId = await stage.start('cyber-restore', { mode: 'live', inputs: inputsFor(stage, 'FILES') });
  await approve(stage, runId, 'go', 'boris');
  const view = await stage.until(runId, (now) => stepOf(now, 'go').gate?.votes.length === 1);
  expect(stepOf(view, 'go').state).toBe('waiting');
  expect(callsTo(stage)).toEqual([READY]);
});

test('malware that a scan finds, on whichever machine, is a question for people', async () => {
  const { stage, runId } = await approved('Infected');
  const { failure } = await stage.gate(runId, 'restore');
  expect(failure).toMatchObject({
    code: 'vro.planFailed',
    details: { failed: [{ vm: 'share-01', isCritical: false, step: 'Scan restore point for malware' }] },
  });
  await decide(stage, runId, 'restore', 'abort', { comment: 'restore an older point' });
  expect(outcomesOf(await stage.ended(runId))).toMatchObject({ restore: 'failed', web: 'skipped' });
});

test('something suspicious is a question as well, after which the run goes on', async () => {
  const { stage, runId } = await approved('Suspicious');
  const { failure } = await stage.gate(runId, 'restore');
  expect(failure).toMatchObject({ code: 'step.notAccepted', details: { counts: { warnings: 1 } } });
  await decide(stage, runId, 'restore', 'done', { comment: 'a false alarm: an old installer' });
  const view = await stage.ended(runId);
  expect(stepOf(view, 'web').outcome).toBe('succeeded');
  expect(callsTo(stage)).toEqual([READY, RESTORE]);
});

test.each(['2026-01-14', 'yesterday', '2026-01-14T22:00'])('%s is no point in time', async (before) => {
  const stage = await stageForTest({ worker: false });
  const inputs = { ...inputsFor(stage, 'FILES'), before };
  await expect(stage.start('cyber-restore', { mode: 'live', inputs })).rejects.toMatchObject({
    code: 'run.refused',
    diagnostics: [{ code: 'INPUT_PATTERN' }],
  });
});
