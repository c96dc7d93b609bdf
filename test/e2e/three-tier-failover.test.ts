import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Fault } from '../../src/simulator/index.ts';
import { PROJECT_ROOT } from '../../src/stack/project.ts';
import { approve, callsTo, decide, outcomesOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

const FAILOVER = ['POST /Plans/{planId}/ReadinessCheck', 'POST /Plans/{planId}/Failover'];

/** The runbook that ships, with the addresses of this simulator. */
async function shipped({ simulator }: Stage): Promise<string> {
  const text = await readFile(join(PROJECT_ROOT, 'runbooks/three-tier-failover.yaml'), 'utf8');
  const { hostname, port, host } = new URL(simulator.urls.app);
  return text
    .replaceAll('127.0.0.1:9080', host)
    .replaceAll('host: 127.0.0.1, port: 9080', `host: ${hostname}, port: ${port}`);
}

/** The same, with a second tier that never answers, as the plan no longer runs at home: tried for a second only. */
async function withoutApplication(stage: Stage): Promise<string> {
  const text = await shipped(stage);
  return text.replace(/^( {2}app: .*)\/health/m, '$1/home').replaceAll('within: 15m', 'within: 1s');
}

/** A failover of ERP that both roles have approved. */
async function approved(
  runbook: (stage: Stage) => Promise<string>,
  faults: readonly Fault[] = [],
): Promise<{ readonly stage: Stage; readonly runId: string }> {
  const stage = await stageForTest({ faults });
  const runId = await stage.start(await runbook(stage), { mode: 'live', purpose: 'incident' });
  await approve(stage, runId, 'go', 'boris', 'dieter');
  return { stage, runId };
}

test('after two yeses the plan fails over, and one tier is checked after the other', async () => {
  const { stage, runId } = await approved(shipped);
  const view = await stage.ended(runId);
  expect([view.outcome, ...new Set(Object.values(outcomesOf(view)))]).toEqual(['succeeded', 'succeeded']);
  expect(callsTo(stage)).toEqual(FAILOVER);
  const begun = ['database', 'application', 'web'].map((tier) => stepOf(view, tier).startedAt ?? NaN);
  const ended = ['failover', 'database', 'application'].map((tier) => stepOf(view, tier).endedAt ?? NaN);
  expect(begun.filter((at, index) => at < (ended[index] ?? NaN))).toEqual([]);
});

test('a tier that does not answer asks people, and the next one waits for them', async () => {
  const { stage, runId } = await approved(withoutApplication);
  const { failure } = await stage.gate(runId, 'application/appPage');
  expect(failure).toMatchObject({ code: 'check.failed' });
  const { steps } = await stage.muster.show(runId);
  expect(['database', 'web'].map((path) => stepOf({ steps }, path).state)).toEqual(['ended', 'pending']);

  await decide(stage, runId, 'application/appPage', 'done', { comment: 'it answers under another address' });
  const view = await stage.ended(runId);
  expect([stepOf(view, 'web').outcome, view.outcome]).toEqual(['succeeded', 'succeeded']);
});

test('a machine that is not critical does not hold the failover up', async () => {
  const machine: Fault = { kind: 'failStep', plan: 'ERP', vm: 'erp-web-02', critical: false };
  const { stage, runId } = await approved(shipped, [machine]);
  const view = await stage.ended(runId);
  expect(outcomesOf(view)).toMatchObject({ failover: 'warned', web: 'succeeded' });
  expect(view.outcome).toBe('warned');
});
