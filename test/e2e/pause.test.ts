import { expect, test } from 'vitest';
import { decide, runbookOf, stageForTest, stepOf } from '../support/stage.ts';

const TWO = runbookOf(`
steps:
  - { id: first, manual: { title: Begin? } }
  - { id: second, check: 'true' }
`);

test('a run stops before a step that is paused, says who paused it, and goes on when somebody says so', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(TWO);
  await stage.gate(runId, 'first');
  await stage.muster.pause({ runId, step: 'second', person: 'anna', reason: 'the network team' });
  await stage.muster.vote({ runId, gate: 'first', decision: 'answer', answer: 'done', person: 'anna' });
  const view = await stage.until(runId, (now) => stepOf(now, 'second').paused !== undefined);
  expect(stepOf(view, 'second')).toMatchObject({
    state: 'pending',
    paused: { by: 'anna', reason: 'the network team' },
  });
  await stage.muster.resume({ runId, step: 'second', person: 'emil' });
  expect((await stage.ended(runId)).outcome).toBe('succeeded');
});

test('a paused run stays paused when it continues as new, and can be cancelled', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(TWO, { continueAfter: 2 });
  await stage.gate(runId, 'first');
  await stage.muster.pause({ runId, person: 'anna' });
  await stage.muster.vote({ runId, gate: 'first', decision: 'answer', answer: 'done', person: 'anna' });
  const view = await stage.until(runId, (now) => stepOf(now, 'second').paused !== undefined);
  expect(view.timeline.continuations).toBeGreaterThan(0);
  await stage.muster.cancel({ runId, person: 'anna' });
  expect((await stage.ended(runId)).outcome).toBe('cancelled');
});

test('what has begun cannot be paused, and what is not paused cannot go on', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(TWO);
  await stage.gate(runId, 'first');
  await expect(stage.muster.pause({ runId, step: 'first', person: 'anna' })).rejects.toThrow(/begun already/);
  await expect(stage.muster.resume({ runId, person: 'anna' })).rejects.toThrow(/Nothing like that/);
  await expect(stage.muster.pause({ runId, person: 'boris' })).rejects.toThrow(/may not pause/);
  await stage.muster.vote({ runId, gate: 'first', decision: 'answer', answer: 'failed', person: 'anna' });
  await stage.until(runId, (now) => stepOf(now, 'first').gate?.kind === 'decision');
  await decide(stage, runId, 'first', 'abort');
  await stage.ended(runId);
});
