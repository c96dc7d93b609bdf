import { expect, test } from 'vitest';
import { auditorOn } from '../support/audit.ts';
import { approve, decide, drillInputs, runbookOf, stageForTest, type Stage } from '../support/stage.ts';

const CHILD = `apiVersion: muster/v1
name: child
connections: { vro: dr-site }
steps:
  - { id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 1 }] } }
  - { id: check, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }
`;
const BRANCHING = runbookOf(`
steps:
  - { id: sub, runbook: child }
  - id: each
    forEach: { items: "\${{ ['a', 'b', 'c'] }}", as: letter, key: "\${{ letter }}", maxConcurrency: 2 }
    steps:
      - { id: look, uses: vro.plan, with: { plan: ERP-CANARY } }
      - { id: small, check: 'letter != "b"' }
  - { id: check, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }
`);
const STOPPING = runbookOf(`
steps:
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY } }
  - { id: asked, manual: { title: Works? }, onFailure: stop }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
`);

/** Audits everything that has run, and tells what was found of how many runs. */
async function audited(stage: Stage) {
  const auditor = auditorOn(stage);
  await auditor.lookAll();
  const audits = await stage.data.stores.audits.list(100);
  return { alarms: auditor.alarms, complete: audits.filter(({ isFinal }) => isFinal).length };
}

async function answered(stage: Stage, runId: string, answer: string): Promise<void> {
  await stage.gate(runId, 'asked');
  await stage.muster.vote({ runId, gate: 'asked', decision: 'answer', answer, person: 'anna' });
  await stage.ended(runId);
}

test('the audit of a drill that ships finds nothing', async () => {
  const stage = await stageForTest();
  const runId = await stage.start('dr-drill', { inputs: drillInputs(stage) });
  await approve(stage, runId, 'go', 'boris');
  await stage.muster.result(runId);
  expect(await audited(stage)).toEqual({ alarms: [], complete: 1 });
});

test('the audit of a production failover and its failback finds nothing', async () => {
  const stage = await stageForTest();
  const url = `${stage.simulator.urls.app}/apps/ERP/health`;
  const over = await stage.start('production-failover', { mode: 'live', inputs: { plan: 'ERP', url } });
  await approve(stage, over, 'go', 'boris', 'dieter');
  await stage.muster.result(over);
  const back = await stage.start('failback', { mode: 'live', inputs: { plan: 'ERP' } });
  await approve(stage, back, 'goBack', 'boris', 'dieter');
  await approve(stage, back, 'goCommit', 'carla', 'dieter');
  await stage.muster.result(back);
  expect(await audited(stage)).toEqual({ alarms: [], complete: 2 });
});

test.each([undefined, 2])(
  'the audit of a run with a child, a loop and a decision finds nothing; continued after %s steps',
  async (continueAfter) => {
    const stage = await stageForTest();
    const runId = await stage.start(BRANCHING, {
      library: { child: CHILD },
      ...(continueAfter !== undefined && { continueAfter }),
    });
    await approve(stage, runId, 'sub/go', 'boris');
    await decide(stage, runId, 'each/b/small', 'skip');
    await stage.muster.result(runId);
    expect(await audited(stage)).toEqual({ alarms: [], complete: 2 });
  },
);

test('the audit of a run that was cancelled, and of its child, finds nothing', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(BRANCHING, { library: { child: CHILD } });
  await stage.gate(runId, 'sub/go');
  await stage.muster.cancel({ runId, person: 'anna', reason: 'enough' });
  await stage.muster.result(runId);
  expect(await audited(stage)).toEqual({ alarms: [], complete: 2 });
});

test('the audit of a child whose parent was terminated finds nothing of its own', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(BRANCHING, { library: { child: CHILD } });
  await stage.gate(runId, 'sub/go');
  await stage.client.workflow.getHandle(runId).terminate('gone');
  await stage.client.workflow.getHandle(`${runId}.sub`).result();
  const { alarms, complete } = await audited(stage);
  const found = alarms.flatMap((alarm) => alarm.findings.map((one) => `${alarm.runId} ${one.found}`));
  expect([found, complete]).toEqual([[`${runId} terminated`], 2]);
});

test('the audit of a run and of the rerun that goes on with it finds nothing', async () => {
  const stage = await stageForTest();
  const first = await stage.start(STOPPING);
  await answered(stage, first, 'failed');
  const { runId } = await stage.muster.rerun({ runId: first, from: 'asked', person: 'emil' });
  await answered(stage, runId, 'done');
  expect(await audited(stage)).toEqual({ alarms: [], complete: 2 });
});
