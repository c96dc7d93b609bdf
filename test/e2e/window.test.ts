import { describe, expect, test, type TestContext } from 'vitest';
import {
  decide,
  openStage,
  outcomesOf,
  runbookOf,
  stageForTest,
  stepOf,
  type Stage,
} from '../support/stage.ts';

const MINUTE_IN_MS = 60_000;

/** `HH:MM` in UTC, some minutes from now. */
function clock(minutes: number): string {
  return new Date(Date.now() + minutes * MINUTE_IN_MS).toISOString().slice(11, 16);
}

const windowed = (from: string, to: string, more = '', before = ''): string =>
  runbookOf(`
steps:
${before}  - id: late
    check: 1 < 2
    window: { from: "${from}", to: "${to}", timezone: UTC${more} }
`);

describe('a step with a window', () => {
  test('begins at once inside of it', async () => {
    const stage = await stageForTest();
    const view = await stage.ended(await stage.start(windowed(clock(-60), clock(60), ', needs: 10m')));
    expect(outcomesOf(view)).toEqual({ late: 'succeeded' });
  });

  test('waits for it, and says until when', async () => {
    const stage = await stageForTest();
    const [from, to] = [clock(120), clock(180)];
    const runId = await stage.start(windowed(from, to), { continueAfter: 1 });
    const view = await stage.until(runId, (now) => stepOf(now, 'late').dueAt !== undefined);
    const { state, reason, dueAt = 0 } = stepOf(view, 'late');
    expect({ state, reason }).toEqual({
      state: 'running',
      reason: `waits for its window, from ${from} to ${to} UTC`,
    });
    expect(new Date(dueAt).toISOString().slice(11)).toBe(`${from}:00.000Z`);
    await stage.muster.cancel({ runId, person: 'anna', reason: 'enough' });
    expect(stepOf(await stage.ended(runId), 'late').outcome).toBe('cancelled');
  });

  test('waits for the next one when what it needs does not fit any more', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(windowed(clock(-60), clock(5), ', needs: 30m, missed: hold'));
    const view = await stage.until(runId, (now) => stepOf(now, 'late').dueAt !== undefined);
    const { dueAt = 0 } = stepOf(view, 'late');
    expect(dueAt - Date.now()).toBeGreaterThan(22 * 60 * MINUTE_IN_MS);
  });

  test('begins when it opens', { timeout: 120_000 }, async () => {
    const stage = await stageForTest();
    const from = clock(1);
    const view = await stage.ended(await stage.start(windowed(from, clock(30))));
    const { outcome, startedAt = 0, endedAt = 0, reason, dueAt } = stepOf(view, 'late');
    expect({ outcome, reason, dueAt }).toEqual({ outcome: 'succeeded', reason: undefined, dueAt: undefined });
    expect(new Date(endedAt).toISOString().slice(11, 16)).toBe(from);
    expect(endedAt).toBeGreaterThan(startedAt);
  });
});

describe.concurrent(
  'a window that passes while the run waits for something else',
  { timeout: 120_000 },
  () => {
    /** Long enough for a slow machine to start the run in. */
    const LEFT_IN_S = 15;

    /** A run whose window is over when it comes to the step. */
    async function late(
      { onTestFinished }: TestContext,
      missed: string,
    ): Promise<{ stage: Stage; runId: string }> {
      const stage = await openStage();
      onTestFinished(() => stage.close());
      const to = clock(30);
      const closesAt = Math.floor(Date.now() / MINUTE_IN_MS) * MINUTE_IN_MS + 30 * MINUTE_IN_MS;
      const needs = Math.floor((closesAt - Date.now()) / 1_000) - LEFT_IN_S;
      const before = `  - { id: before, wait: ${LEFT_IN_S + 1}s }\n`;
      const more = `, needs: ${needs}s, missed: ${missed}`;
      return { stage, runId: await stage.start(windowed(clock(-60), to, more, before)) };
    }

    test('asks people when it says hold, and waits for the next when they say so', async (context) => {
      const { stage, runId } = await late(context, 'hold');
      const { failure, gate } = await stage.gate(runId, 'late');
      context.expect(failure?.code).toBe('step.windowMissed');
      context
        .expect(gate?.offers.map(({ decision }) => decision))
        .toEqual(['keepWaiting', 'runNow', 'skip', 'abort']);
      await decide(stage, runId, 'late', 'keepWaiting');
      const view = await stage.until(runId, (now) => stepOf(now, 'late').dueAt !== undefined);
      const { dueAt = 0, state } = stepOf(view, 'late');
      context.expect(state).toBe('running');
      context.expect(dueAt - Date.now()).toBeGreaterThan(20 * 60 * MINUTE_IN_MS);
    });

    test('begins when people say so, for the record', async (context) => {
      const { stage, runId } = await late(context, 'hold');
      await decide(stage, runId, 'late', 'runNow', { comment: 'the storm is near' });
      context.expect(stepOf(await stage.ended(runId), 'late')).toMatchObject({
        outcome: 'succeeded',
        decisions: [{ decision: 'runNow', person: 'anna', comment: 'the storm is near' }],
      });
    });

    test('waits for the next one unless it says hold', async (context) => {
      const { stage, runId } = await late(context, 'wait');
      const view = await stage.until(runId, (now) => stepOf(now, 'late').dueAt !== undefined);
      const { dueAt = 0, gate } = stepOf(view, 'late');
      context.expect(gate).toBeUndefined();
      context.expect(dueAt - Date.now()).toBeGreaterThan(20 * 60 * MINUTE_IN_MS);
    });
  },
);
