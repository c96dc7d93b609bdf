import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/stack/project.ts';
import { approve, callsTo, outcomesOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

const PREPARE = 'POST /Plans/{planId}/PrepareToFailback';
const SWITCHOVER = 'POST /Plans/{planId}/SwitchoverToProduction';
/** Where the application is seen at home. */
const HOME = '/apps/ERP/home';
const HOUR_IN_MS = 3_600_000;
const NIGHT = "from: '22:00', to: '04:00', timezone: Europe/Berlin";

/** `HH:MM` in UTC, some hours from now. */
function clock(hours: number): string {
  return new Date(Date.now() + hours * HOUR_IN_MS).toISOString().slice(11, 16);
}

/** The runbook that ships, with its window moved from the night to these hours from now. */
async function withWindow(from: number, to: number): Promise<string> {
  const text = await readFile(join(PROJECT_ROOT, 'runbooks/failback-planned.yaml'), 'utf8');
  if (!text.includes(NIGHT)) throw new Error('the window of failback-planned.yaml looks other than expected');
  return text.replace(NIGHT, `from: '${clock(from)}', to: '${clock(to)}', timezone: UTC`);
}

/** ERP runs at the recovery site, and a run that shall bring it home has been approved so far. */
async function begun(window: readonly [number, number]): Promise<{ stage: Stage; runId: string }> {
  const stage = await stageForTest();
  const { world, urls } = stage.simulator;
  world.command('ERP', { action: 'Failover' });
  await stage.simulator.settled('ERP');
  const inputs = { plan: 'ERP', url: `${urls.app}${HOME}` };
  const text = await withWindow(...window);
  const runId = await stage.start(text, { mode: 'live', purpose: 'planned', inputs });
  await approve(stage, runId, 'goPrepare', 'boris', 'dieter');
  return { stage, runId };
}

test('a planned failback prepares, switches over in its window, commits and makes the plan ready again', async () => {
  const { stage, runId } = await begun([-2, 6]);
  await approve(stage, runId, 'goCommit', 'carla', 'dieter');
  const view = await stage.ended(runId);
  expect([view.outcome, ...new Set(Object.values(outcomesOf(view)))]).toEqual(['succeeded', 'succeeded']);
  expect(callsTo(stage)).toEqual([
    PREPARE,
    SWITCHOVER,
    'POST /Plans/{planId}/CommitFailback',
    'POST /Plans/{planId}/ResetState',
    'POST /Plans/{planId}/Enable',
  ]);
  expect(stage.simulator.world.plan('ERP').situation).toMatchObject({ stable: 'Ready', mode: 'Enabled' });
});

test('nothing is switched over before the window opens', async () => {
  const { stage, runId } = await begun([3, 9]);
  const view = await stage.until(runId, (now) => stepOf(now, 'switchover').dueAt !== undefined);
  expect(stepOf(view, 'prepare').output).toMatchObject({ state: 'PrepareToFailbackComplete' });
  expect(callsTo(stage)).toEqual([PREPARE]);
  await stage.muster.cancel({ runId, person: 'anna', reason: 'not tonight' });
  expect((await stage.ended(runId)).outcome).toBe('cancelled');
  expect(callsTo(stage)).toEqual([PREPARE]);
});

test('a no at the end leaves the plan at home and uncommitted', async () => {
  const { stage, runId } = await begun([-2, 6]);
  await stage.gate(runId, 'goCommit');
  await stage.muster.vote({
    runId,
    gate: 'goCommit',
    decision: 'reject',
    person: 'dieter',
    comment: 'orders are missing',
  });
  expect((await stage.ended(runId)).outcome).toBe('rejected');
  expect(callsTo(stage)).toEqual([PREPARE, SWITCHOVER]);
  expect(stage.simulator.world.plan('ERP').situation).toMatchObject({ stable: 'FailbackComplete' });
});

test('a planned failback is refused as a drill', async () => {
  const stage = await stageForTest({ worker: false });
  const inputs = { plan: 'ERP', url: `${stage.simulator.urls.app}${HOME}` };
  await expect(stage.start('failback-planned', { inputs })).rejects.toMatchObject({
    code: 'run.refused',
    diagnostics: [{ code: 'MODE_EMPTY' }],
  });
});
