import { describe, expect, test } from 'vitest';
import { virtualClock, type Fault, type VirtualClock } from '../../src/simulator/index.ts';
import type { RunView } from '../../src/client/index.ts';
import type { Gate } from '../../src/model/run.ts';
import { callsTo, decide, runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

/** Longer than any operation of the simulated plans. */
const AN_HOUR_IN_MS = 3_600_000;

/** With the cleanup without which a drill that fails over cannot end well. */
const runbookWith = (failover: string): string =>
  runbookOf(`
steps:
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY }${failover} }
  - { id: after, check: 1 < 2 }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
`);
const BACK = ['POST /Plans/{planId}/Undo', 'POST /Plans/{planId}/ResetState', 'POST /Plans/{planId}/Enable'];

const HALTS: Fault = {
  kind: 'failStep',
  plan: 'ERP-CANARY',
  vm: 'canary-db-01',
  step: 'Process replica VM',
  critical: true,
  message: 'The host did not answer',
};

/** A run whose failover meets this fault, at the gate of its failure. */
async function failedOver(fault: Fault): Promise<{ stage: Stage; runId: string }> {
  const stage = await stageForTest();
  stage.simulator.faults.add(fault);
  const runId = await stage.start(runbookWith(''));
  await stage.gate(runId, 'failover');
  return { stage, runId };
}

/** What a gate offers that can be chosen. */
function possible(gate: Gate | undefined): string[] {
  const offers = gate?.offers.filter(({ unavailable }) => unavailable === undefined) ?? [];
  return [...new Set(offers.map(({ decision }) => decision))];
}

describe('a halted plan', () => {
  test('pauses the run and names the machine that failed', async () => {
    const { stage, runId } = await failedOver(HALTS);
    const { failure, gate } = await stage.gate(runId, 'failover');
    expect(failure).toMatchObject({
      code: 'vro.planHalted',
      details: { failed: [{ vm: 'canary-db-01', step: 'Process replica VM', isCritical: true }] },
    });
    expect(failure?.message).toContain('The host did not answer');
    expect(possible(gate)).toEqual(['continue', 'done', 'skip', 'abort']);
  });

  test('is completed by trying the failed step again', async () => {
    const { stage, runId } = await failedOver(HALTS);
    await decide(stage, runId, 'failover', 'continue', { option: 'RetryFailedStep' });
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(callsTo(stage)).toEqual([
      'POST /Plans/{planId}/Failover',
      'POST /Plans/{planId}/Continue',
      ...BACK,
    ]);
  });

  test('asks again when it is unclear whether VRO went on, and sends nothing by itself', async () => {
    const { stage, runId } = await failedOver(HALTS);
    await stage.gate(runId, 'failover');
    const call = 'POST /Plans/{planId}/Continue';
    stage.simulator.faults.add({ kind: 'error', system: 'vro', call, status: 500, when: 'before' });
    await decide(stage, runId, 'failover', 'continue', { option: 'RetryFailedStep' });
    await stage.until(runId, (view) => {
      const { state, failure } = stepOf(view, 'failover');
      return state === 'waiting' && failure?.code === 'effect.unclear';
    });
    expect(callsTo(stage)).not.toContain(call);
  });

  test('asks again when it halts again', async () => {
    const { stage, runId } = await failedOver({ ...HALTS, failures: 2 });
    await decide(stage, runId, 'failover', 'continue', { option: 'RetryFailedStep' });
    const again = await stage.until(runId, (view) => {
      const { state, gate, decisions } = stepOf(view, 'failover');
      return state === 'waiting' && gate?.closedAt === undefined && decisions?.length === 1;
    });
    expect(stepOf(again, 'failover').failure?.code).toBe('vro.planHalted');
    await decide(stage, runId, 'failover', 'continue', { option: 'RetryFailedVm' });
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
  });
});

describe('a plan that ended with errors', () => {
  const ENDS: Fault = { ...HALTS, critical: false };

  test('cannot be retried, and the refusal says why', async () => {
    const { stage, runId } = await failedOver(ENDS);
    const { failure, gate } = await stage.gate(runId, 'failover');
    expect([failure?.code, possible(gate)]).toEqual(['vro.planFailed', ['done', 'skip', 'abort']]);
    await expect(
      stage.muster.vote({ runId, gate: 'failover', decision: 'retry', person: 'anna' }),
    ).rejects.toMatchObject({
      code: 'vote.refused',
      message: expect.stringMatching(/not possible here\. The plan has ended \(Failover\)/) as string,
    });
  });

  test('can be left behind, and the run ends warned', async () => {
    const { stage, runId } = await failedOver(ENDS);
    await decide(stage, runId, 'failover', 'skip', { comment: 'the rest works' });
    const view = await stage.ended(runId);
    expect(stepOf(view, 'failover')).toMatchObject({
      outcome: 'skipped',
      reason: 'skipped, anna: the rest works',
    });
    expect([stepOf(view, 'after').outcome, view.outcome]).toEqual(['succeeded', 'warned']);
  });

  test('can be put right by hand', async () => {
    const { stage, runId } = await failedOver(ENDS);
    await decide(stage, runId, 'failover', 'done', { comment: 'restarted the VM' });
    expect(stepOf(await stage.ended(runId), 'failover')).toMatchObject({
      outcome: 'succeeded',
      reason: 'done by hand, anna: restarted the VM',
    });
  });

  test('can end the run, and cleanup undoes it', async () => {
    const { stage, runId } = await failedOver(ENDS);
    await decide(stage, runId, 'failover', 'abort');
    const view = await stage.ended(runId);
    expect([view.outcome, stepOf(view, 'after').outcome]).toEqual(['failed', 'skipped']);
    expect(callsTo(stage)).toEqual(['POST /Plans/{planId}/Failover', ...BACK]);
  });
});

describe('a decision', () => {
  const BAD = runbookOf('steps: [{ id: bad, check: 1 > 2 }]\n');

  test('is for operators', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(BAD);
    await expect(decide(stage, runId, 'bad', 'skip', { person: 'boris' })).rejects.toMatchObject({
      code: 'vote.refused',
    });
    expect((await stage.muster.show(runId)).timeline.refused.latest).toMatchObject([{ refusal: 'noRole' }]);
  });

  test.each(['skip', 'done', 'abort'] as const)('%s needs a reason', async (decision) => {
    const stage = await stageForTest();
    const runId = await stage.start(BAD);
    await expect(decide(stage, runId, 'bad', decision, { comment: ' ' })).rejects.toMatchObject({
      code: 'vote.refused',
      message: 'This answer needs a reason.',
    });
  });

  test('to retry performs the step again', async () => {
    const stage = await stageForTest();
    const { app } = stage.simulator.urls;
    const runId = await stage.start(
      runbookOf(`
inputs: { url: { type: string } }
steps: [{ id: web, uses: http.check, with: { url: '\${{ inputs.url }}' } }]
`),
      { inputs: { url: `${app}/apps/ERP/health` } },
    );
    await stage.gate(runId, 'web');
    stage.simulator.world.command('ERP', { action: 'Failover' });
    await stage.simulator.settled('ERP');
    await decide(stage, runId, 'web', 'retry');
    expect(stepOf(await stage.ended(runId), 'web')).toMatchObject({ outcome: 'succeeded', attempt: 2 });
  });
});

describe('a watch whose time is over', () => {
  /** A failover that goes on only when the clock is moved, at the gate of its timeout. */
  async function timedOut(): Promise<{ stage: Stage; runId: string; clock: VirtualClock }> {
    const clock = virtualClock();
    const stage = await stageForTest({ clock });
    const runId = await stage.start(runbookWith(', timeout: 3s'));
    await stage.gate(runId, 'failover');
    return { stage, runId, clock };
  }

  /** Lets time pass in the simulated world until the run has ended. */
  function endedWith(clock: VirtualClock, stage: Stage, runId: string): Promise<RunView> {
    return stage.until(runId, ({ timeline }) => {
      clock.advance(AN_HOUR_IN_MS);
      return timeline.endedAt !== undefined;
    });
  }

  test('asks whether to go on watching or to halt the plan', async () => {
    const { stage, runId } = await timedOut();
    const { failure, gate } = await stage.gate(runId, 'failover');
    expect([failure?.code, ...possible(gate)]).toEqual([
      'step.timeout',
      'keepWaiting',
      'halt',
      'done',
      'skip',
      'abort',
    ]);
  });

  test('goes on watching, and sends nothing again', async () => {
    const { stage, runId, clock } = await timedOut();
    clock.advance(AN_HOUR_IN_MS);
    await decide(stage, runId, 'failover', 'keepWaiting');
    expect((await endedWith(clock, stage, runId)).outcome).toBe('succeeded');
    expect(callsTo(stage)).toEqual(['POST /Plans/{planId}/Failover', ...BACK]);
  });

  test('is taken up again when it is unclear whether the plan was halted', async () => {
    const { stage, runId, clock } = await timedOut();
    const call = 'POST /Plans/{planId}/Halt';
    stage.simulator.faults.add({ kind: 'error', system: 'vro', call, when: 'before' });
    await decide(stage, runId, 'failover', 'halt');
    const unclear = await stage.until(runId, (view) => {
      const { state, failure } = stepOf(view, 'failover');
      return state === 'waiting' && failure?.code === 'effect.unclear';
    });
    expect(possible(stepOf(unclear, 'failover').gate)).toEqual([
      'adopt',
      'keepWaiting',
      'done',
      'skip',
      'abort',
    ]);
    clock.advance(AN_HOUR_IN_MS);
    await decide(stage, runId, 'failover', 'adopt');
    expect((await endedWith(clock, stage, runId)).outcome).toBe('succeeded');
    expect(callsTo(stage)).toEqual(['POST /Plans/{planId}/Failover', ...BACK]);
  });

  test('halts the plan, and then asks how it goes on', async () => {
    const { stage, runId, clock } = await timedOut();
    await decide(stage, runId, 'failover', 'halt');
    await stage.simulator.journaled('POST /Plans/{planId}/Halt');
    clock.advance(AN_HOUR_IN_MS);
    const halted = await stage.until(
      runId,
      (view) => stepOf(view, 'failover').failure?.code === 'vro.planHalted',
    );
    expect(stepOf(halted, 'failover').outcome).toBeUndefined();
    await decide(stage, runId, 'failover', 'continue', { option: 'RetryFailedStep' });
    expect((await endedWith(clock, stage, runId)).outcome).toBe('succeeded');
  });
});
