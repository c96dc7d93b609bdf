import { describe, expect, test } from 'vitest';
import type { VoteRequest } from '../../src/client/index.ts';
import type { By } from '../support/person-muster.ts';
import { decide, runbookOf, stageForTest, stepOf } from '../support/stage.ts';

const COUNT = runbookOf(`
steps:
  - id: count
    manual:
      title: Open orders shown?
      instructions: 'Open the ERP of \${{ run.mode }} and count.'
      by: [app-owner]
      fields: { orders: integer, note: { type: string, optional: true } }
      answers: { shown: succeeded, few: warned, none: failed }
  - { id: seen, check: 'steps.count.output.orders > 10 && steps.count.output.person == "dieter"' }
`);

const answer = (runId: string, more: Partial<By<VoteRequest>>): By<VoteRequest> => ({
  runId,
  gate: 'count',
  decision: 'answer',
  person: 'dieter',
  ...more,
});

describe('a manual step', () => {
  test('shows what is to be done, and answers what was filled in', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(COUNT);
    const { gate } = await stage.gate(runId, 'count');
    expect(gate).toMatchObject({ kind: 'manual', instructions: 'Open the ERP of drill and count.' });
    await stage.muster.vote(answer(runId, { answer: 'shown', values: { orders: '112' } }));
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(stepOf(view, 'count').output).toEqual({ answer: 'shown', orders: 112, person: 'dieter' });
  });

  test('refuses what does not fit, and whoever may not answer', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(COUNT);
    await stage.gate(runId, 'count');
    const refusals = await Promise.all(
      [
        answer(runId, { answer: 'shown', values: { orders: 'many' } }),
        answer(runId, { answer: 'shown' }),
        answer(runId, { answer: 'maybe', values: { orders: 1 } }),
        answer(runId, { answer: 'shown', values: { orders: 1 }, person: 'boris' }),
      ].map((request) => stage.muster.vote(request).catch((error: unknown) => String(error))),
    );
    expect(refusals).toEqual([
      expect.stringContaining('does not fit'),
      expect.stringContaining('does not fit'),
      expect.stringContaining('not possible here'),
      expect.stringContaining('no role'),
    ]);
    expect(stepOf(await stage.muster.show(runId), 'count').state).toBe('waiting');
  });

  test('that failed asks how to go on, and can be asked again', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(COUNT);
    await stage.gate(runId, 'count');
    await stage.muster.vote(answer(runId, { answer: 'none', values: { orders: 0 }, comment: 'empty' }));
    await stage.until(runId, (view) => stepOf(view, 'count').gate?.kind === 'decision');
    expect(stepOf(await stage.muster.show(runId), 'count').failure).toMatchObject({
      code: 'step.manualFailed',
      message: 'dieter answered none: empty',
    });
    await decide(stage, runId, 'count', 'retry');
    await stage.until(runId, (view) => stepOf(view, 'count').gate?.kind === 'manual');
    await stage.muster.vote(answer(runId, { answer: 'few', values: { orders: 11 } }));
    expect((await stage.ended(runId)).outcome).toBe('warned');
  });

  test('that nobody answers in time fails when it says so', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(
      runbookOf(`
steps:
  - id: count
    onFailure: stop
    manual: { title: Look, timeout: 1s, onTimeout: fail }
`),
    );
    expect((await stage.ended(runId)).outcome).toBe('failed');
  });
});
