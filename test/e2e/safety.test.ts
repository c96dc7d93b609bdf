import { describe, expect, test } from 'vitest';
import {
  approve,
  callsTo,
  decide,
  drillInputs,
  outcomesOf,
  runbookOf,
  stageForTest,
  stepOf,
  type Stage,
} from '../support/stage.ts';

const FAILOVER = 'steps: [{ id: failover, uses: vro.failover, with: { plan: "${{ inputs.plan }}" } }]\n';
const INPUT = 'inputs: { plan: { type: vroPlan } }\n';

const COVERED = runbookOf(`${INPUT}
steps:
  - { id: go, approval: { title: Go?, covers: [failover], rules: [{ role: dr-manager, count: 1 }] } }
  - { id: failover, uses: vro.failover, with: { plan: '\${{ inputs.plan }}' } }
`);

function urlOf({ simulator }: Stage, plan: string): string {
  return `${simulator.urls.app}/apps/${plan}/health`;
}

/** Somebody works in VRO's own console. */
async function failOverInVro({ simulator }: Stage, plan: string): Promise<void> {
  simulator.world.command(plan, { action: 'Failover' });
  await simulator.settled(plan);
}

function refusedWith(code: string): object {
  const error: unknown = expect.objectContaining({ code, severity: 'error' });
  return { code: 'run.refused', diagnostics: expect.arrayContaining([error]) as unknown };
}

describe('a drill', () => {
  test('of a plan that is not listed is refused before it starts', async () => {
    const stage = await stageForTest({ worker: false });
    const start = stage.start(runbookOf(INPUT + FAILOVER), { inputs: { plan: 'CRM' } });
    await expect(start).rejects.toMatchObject(refusedWith('DRILL_NOT_ALLOWED'));
    expect(stage.simulator.journal).toEqual([]);
  });

  test('of a plan that is not listed by its id is refused at the fence', async () => {
    const stage = await stageForTest();
    const plan = stage.simulator.world.plan('CRM').spec.id;
    const runId = await stage.start(runbookOf(INPUT + FAILOVER), { inputs: { plan } });
    const { failure } = await stage.gate(runId, 'failover');
    expect(failure?.code).toBe('fence.notAllowed');
    expect(stage.simulator.journal).toEqual([]);
  });

  test('of a plan that a step finds is refused at the fence', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      runbookOf(`
steps:
  - { id: find, uses: vro.plan, with: { plan: CRM } }
  - { id: failover, uses: vro.failover, with: { plan: '\${{ steps.find.output.name }}' } }
`),
    );
    const { failure } = await stage.gate(runId, 'failover');
    expect(failure?.code).toBe('fence.notAllowed');
    expect(stage.simulator.journal).toEqual([]);
  });

  test('of a plan that is not listed runs when an approval covers it, and cleans it up', async () => {
    const stage = await stageForTest();
    const runId = await stage.start('dr-drill', {
      inputs: { ...drillInputs(stage), plan: 'CRM', url: urlOf(stage, 'CRM') },
    });
    await approve(stage, runId, 'go', 'boris');
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(stage.simulator.world.plan('CRM').situation).toMatchObject({ stable: 'Ready', mode: 'Enabled' });
  });

  test('may not do what cannot be undone', async () => {
    const stage = await stageForTest({ worker: false });
    const start = stage.start(
      runbookOf('steps: [{ id: commit, uses: vro.commitFailback, with: { plan: ERP-CANARY } }]\n'),
    );
    await expect(start).rejects.toMatchObject(refusedWith('DRILL_IRREVERSIBLE'));
  });

  test('does not undo a failover of somebody else', async () => {
    const stage = await stageForTest();
    await failOverInVro(stage, 'ERP-CANARY');
    const runId = await stage.start('dr-drill', { inputs: drillInputs(stage) });
    expect((await stage.gate(runId, 'ready')).failure?.code).toBe('vro.illegalState');
    await decide(stage, runId, 'ready', 'abort');
    const view = await stage.ended(runId);
    expect([view.outcome, stepOf(view, 'cleanup/undo').reason]).toEqual([
      'failed',
      'nothing to clean up: this run has not touched it',
    ]);
    expect(callsTo(stage)).toEqual([]);
  });

  test('does not undo a failover that somebody else began after its own readiness check', async () => {
    const stage = await stageForTest();
    const runId = await stage.start('dr-drill', { inputs: drillInputs(stage) });
    await stage.gate(runId, 'go');
    stage.simulator.world.command('ERP-CANARY', { action: 'Failover' });
    await stage.simulator.settled('ERP-CANARY');
    await approve(stage, runId, 'go', 'boris');
    // What he said yes to is another one now: he is asked again.
    await stage.until(runId, (view) => stepOf(view, 'go').gate?.voided !== undefined);
    await approve(stage, runId, 'go', 'boris');
    await decide(stage, runId, 'failover', 'abort');
    await stage.ended(runId);
    expect(callsTo(stage)).toEqual(['POST /Plans/{planId}/ReadinessCheck']);
  });
});

describe('a live run', () => {
  test('whose failover no approval covers is refused before it starts', async () => {
    const stage = await stageForTest({ worker: false });
    const start = stage.start(runbookOf(INPUT + FAILOVER), { mode: 'live', inputs: { plan: 'ERP' } });
    await expect(start).rejects.toMatchObject(refusedWith('LIVE_NOT_COVERED'));
  });

  test('does nothing when its plan is failed over already', async () => {
    const stage = await stageForTest();
    await failOverInVro(stage, 'ERP');
    const inputs = { plan: 'ERP' };
    const runId = await stage.start(COVERED, { mode: 'live', inputs });
    await approve(stage, runId, 'go', 'boris');
    const view = await stage.ended(runId);
    expect([outcomesOf(view)['failover'], callsTo(stage)]).toEqual(['succeeded', []]);
  });
});
