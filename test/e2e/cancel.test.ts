import { describe, expect, test } from 'vitest';
import type { RunView } from '../../src/client/index.ts';
import { virtualClock, type VirtualClock } from '../../src/simulator/index.ts';
import { callsTo, outcomesOf, runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';
import { approvalOf, flood, signed } from '../support/votes.ts';

/** A person who stops a run must not sit and wait for it. */
const SOON_MS = 3_000;
/** Longer than any operation of the simulated plans. */
const AN_HOUR_IN_MS = 3_600_000;

const RUNBOOK = runbookOf(`
steps:
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY } }
  - { id: after, check: 1 < 2 }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
always: [{ id: tell, check: 'run.outcome == "cancelled"' }]
`);

/** A run in the middle of watching a failover, which goes on only when the clock is moved. */
async function watching(): Promise<{ stage: Stage; runId: string; clock: VirtualClock }> {
  const clock = virtualClock();
  const stage = await stageForTest({ clock });
  const runId = await stage.start(RUNBOOK);
  await stage.until(runId, ({ progress }) => progress['failover']?.says.startsWith('Failover') === true);
  return { stage, runId, clock };
}

/** Lets time pass in the simulated world until the run has ended. */
async function endedWith(clock: VirtualClock, stage: Stage, runId: string): Promise<RunView> {
  return stage.until(runId, ({ timeline }) => {
    clock.advance(AN_HOUR_IN_MS);
    return timeline.endedAt !== undefined;
  });
}

describe('cancelling a run in the middle of a watch', () => {
  test('takes effect within three seconds', async () => {
    const { stage, runId, clock } = await watching();
    const began = performance.now();
    await stage.muster.cancel({ runId, person: 'anna', reason: 'wrong plan' });
    await stage.until(runId, (view) => stepOf(view, 'failover').outcome === 'cancelled');
    const tookMs = performance.now() - began;
    await endedWith(clock, stage, runId);
    expect(tookMs).toBeLessThan(SOON_MS);
  });

  test('still cleans up and does what is always done', async () => {
    const { stage, runId, clock } = await watching();
    await stage.muster.cancel({ runId, person: 'anna', reason: 'wrong plan' });
    const view = await endedWith(clock, stage, runId);
    expect(view).toMatchObject({
      outcome: 'cancelled',
      timeline: { cancelled: { by: 'anna', reason: 'wrong plan' } },
    });
    expect(outcomesOf(view)).toMatchObject({
      failover: 'cancelled',
      after: 'skipped',
      'cleanup/enable': 'succeeded',
      'cleanup/muster.restored': 'succeeded',
      'always/tell': 'succeeded',
    });
    expect(callsTo(stage)).toEqual([
      'POST /Plans/{planId}/Failover',
      'POST /Plans/{planId}/Undo',
      'POST /Plans/{planId}/ResetState',
      'POST /Plans/{planId}/Enable',
    ]);
  });

  test('means the same through Temporal itself', async () => {
    const { stage, runId, clock } = await watching();
    await stage.client.workflow.getHandle(runId).cancel();
    const view = await endedWith(clock, stage, runId);
    expect(view).toMatchObject({ outcome: 'cancelled', timeline: { cancelled: { by: 'temporal' } } });
    expect(outcomesOf(view)).toMatchObject({
      failover: 'cancelled',
      'cleanup/undo': 'succeeded',
      'always/tell': 'succeeded',
    });
  });
});

describe('cancelling', () => {
  const WAITS = runbookOf('steps: [{ id: long, wait: 1d }, { id: after, wait: 1d }]\n');

  test('ends a wait at once, and says who did it', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(WAITS);
    await stage.until(runId, (view) => stepOf(view, 'long').state === 'running');
    await stage.muster.cancel({ runId, person: 'anna' });
    const view = await stage.ended(runId);
    expect(outcomesOf(view)).toEqual({ long: 'cancelled', after: 'skipped' });
    expect([view.outcome, stepOf(view, 'after').reason]).toEqual([
      'cancelled',
      'the run was cancelled by anna',
    ]);
  });

  test('closes an open gate', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      runbookOf('steps: [{ id: go, approval: { title: Go?, rules: [{ role: dr-manager, count: 1 }] } }]\n'),
    );
    await stage.gate(runId, 'go');
    await stage.muster.cancel({ runId, person: 'anna' });
    expect(stepOf(await stage.ended(runId), 'go')).toMatchObject({
      outcome: 'cancelled',
      gate: { closedBy: 'cancel' },
    });
  });

  test('is for operators', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(WAITS);
    await stage.until(runId, (view) => stepOf(view, 'long').state === 'running');
    await expect(stage.muster.cancel({ runId, person: 'boris' })).rejects.toMatchObject({
      code: 'identity.notAllowed',
    });
    // Whoever goes past the client gets no further.
    const { timeline, steps } = await stage.muster.show(runId);
    const run = timeline.run.firstExecutionId;
    const asked = { decision: 'cancel', gate: '*', nonce: run, digest: run, roles: ['operator'] } as const;
    const jws = await signed(stage, await approvalOf(stage, runId, stepOf({ steps }, 'long'), asked));
    await flood(stage, runId, [{ jws }]);
    const refused = await stage.until(runId, (view) => view.timeline.refused.total > 0);
    expect(refused.timeline).toMatchObject({ refused: { latest: [{ refusal: 'noRole' }] } });
  });
});
