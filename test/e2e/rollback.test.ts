import { describe, expect, test } from 'vitest';
import { approve, callsTo, decide, runbookOf, stageForTest, stepOf } from '../support/stage.ts';

const FAILOVER = 'POST /Plans/{planId}/Failover';
const UNDO = 'POST /Plans/{planId}/Undo';
const CLEANUP = ['POST /Plans/{planId}/ResetState', 'POST /Plans/{planId}/Enable'];

const drill = (onFailure: string): string =>
  runbookOf(`
steps:
  - id: failover
    uses: vro.failover
    with: { plan: ERP-CANARY }
    rollback: { uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: fine, check: 'false', onFailure: ${onFailure} }
  - { id: never, wait: 1d }
cleanup:
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
`);

describe('a rollback', () => {
  test('takes back what was done when a step says so, and the run has failed', async () => {
    const stage = await stageForTest();
    const view = await stage.ended(await stage.start(drill('rollback')));
    expect(view.outcome).toBe('failed');
    expect(stepOf(view, 'failover/rollback')).toMatchObject({ outcome: 'succeeded', uses: 'vro.undo' });
    expect(callsTo(stage)).toEqual([FAILOVER, UNDO, ...CLEANUP]);
  });

  test('can be chosen at the gate of a failed step', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(drill('pause'));
    const { gate } = await stage.gate(runId, 'fine');
    expect(gate?.offers.map(({ decision }) => decision)).toContain('rollback');
    await decide(stage, runId, 'fine', 'rollback');
    expect((await stage.ended(runId)).outcome).toBe('failed');
    expect(callsTo(stage)).toEqual([FAILOVER, UNDO, ...CLEANUP]);
  });

  test('goes on where it was when the run continues as new', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(drill('rollback'), { continueAfter: 1 });
    const view = await stage.ended(runId);
    expect(stepOf(view, 'failover/rollback').outcome).toBe('succeeded');
    expect(callsTo(stage)).toEqual([FAILOVER, UNDO, ...CLEANUP]);
  });

  test('asks in a live run before it discards changes, and leaves what nobody wants undone', async () => {
    const stage = await stageForTest();
    const text = runbookOf(`
steps:
  - id: go
    approval: { title: Fail over?, covers: [failover], rules: [{ role: dr-manager, count: 1 }] }
  - id: failover
    uses: vro.failover
    with: { plan: ERP }
    rollback: { uses: vro.undo, with: { plan: ERP } }
  - { id: fine, check: 'false', onFailure: rollback }
`);
    const yes = await stage.start(text, { mode: 'live' });
    await approve(stage, yes, 'go', 'boris');
    const asked = await stage.gate(yes, 'failover/rollback');
    expect(asked.gate).toMatchObject({ kind: 'approval', covered: [{ action: 'vro.undo' }] });
    await approve(stage, yes, 'failover/rollback', 'boris');
    const view = await stage.ended(yes);
    expect(stepOf(view, 'failover/rollback').outcome).toBe('succeeded');
    expect(callsTo(stage)).toEqual([FAILOVER, UNDO]);
  });
});

describe('a retry with corrected inputs', () => {
  const text = runbookOf(`
steps:
  - { id: look, uses: vro.plan, with: { plan: ERP-CANARI } }
`);

  test('uses them, and keeps them with the step', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(text);
    await decide(stage, runId, 'look', 'retry', { values: { plan: 'ERP-CANARY' } });
    const view = await stage.ended(runId);
    expect(stepOf(view, 'look')).toMatchObject({ outcome: 'succeeded', corrected: { plan: 'ERP-CANARY' } });
  });

  test('is refused when they do not fit the action', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(text);
    await stage.gate(runId, 'look');
    const wrong = { runId, gate: 'look', decision: 'retry', person: 'anna' } as const;
    await expect(stage.muster.vote({ ...wrong, values: { plan: 7 } })).rejects.toThrow(/does not fit/);
    await expect(stage.muster.vote({ ...wrong, values: { plam: 'x' } })).rejects.toThrow(/does not fit/);
    await decide(stage, runId, 'look', 'abort');
    await stage.ended(runId);
  });

  test('of a command asks whoever had to approve it again', async () => {
    const stage = await stageForTest();
    stage.simulator.faults.add({ kind: 'error', system: 'vro', call: FAILOVER, status: 400 });
    const runId = await stage.start(
      runbookOf(`
steps:
  - id: go
    approval: { title: Fail over?, covers: [failover], rules: [{ role: dr-manager, count: 1 }] }
  - { id: failover, uses: vro.failover, with: { plan: ERP, chainedPlans: true } }
`),
      { mode: 'live' },
    );
    await approve(stage, runId, 'go', 'boris');
    await decide(stage, runId, 'failover', 'retry', { values: { chainedPlans: 'false' } });
    await stage.until(runId, (view) => stepOf(view, 'failover').gate?.kind === 'approval');
    await approve(stage, runId, 'failover', 'carla');
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
  });
});
