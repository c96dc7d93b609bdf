import { describe, expect, test } from 'vitest';
import { createControl } from '../../src/control/index.ts';
import { musterWith } from '../../src/stack/muster-on.ts';
import { approve, callsTo, runbookOf, stageForTest, stepOf } from '../support/stage.ts';

const FAILOVER = 'POST /Plans/{planId}/Failover';

describe('a rerun', () => {
  test('takes over what ended well before its step, and does the rest anew', async () => {
    const stage = await stageForTest();
    const text = runbookOf(`
inputs: { limit: { type: integer } }
steps:
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY } }
  - id: checks
    steps:
      - { id: known, check: 'steps.failover.output.plan.name == "ERP-CANARY"' }
      - { id: asked, manual: { title: Works? }, onFailure: stop }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
`);
    const first = await stage.start(text, { inputs: { limit: 1 } });
    await stage.gate(first, 'checks/asked');
    await stage.muster.vote({
      runId: first,
      gate: 'checks/asked',
      decision: 'answer',
      answer: 'failed',
      person: 'anna',
    });
    expect((await stage.ended(first)).outcome).toBe('failed');
    const { runId } = await stage.muster.rerun({ runId: first, from: 'checks/asked', person: 'emil' });
    await stage.gate(runId, 'checks/asked');
    await stage.muster.vote({
      runId,
      gate: 'checks/asked',
      decision: 'answer',
      answer: 'done',
      person: 'anna',
    });
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(view.timeline).toMatchObject({
      takenOver: { runId: first, from: 'checks/asked' },
      run: { starter: 'emil' },
    });
    expect(stepOf(view, 'failover').takenOver).toBe(true);
    expect(callsTo(stage).filter((call) => call === FAILOVER)).toHaveLength(1);
  });

  test('asks again for the approval of what it still has to do', async () => {
    const stage = await stageForTest();
    const text = runbookOf(`
steps:
  - { id: before, check: 'true' }
  - id: go
    approval: { title: Fail over?, covers: [failover], rules: [{ role: dr-manager, count: 1 }] }
  - { id: ask, manual: { title: Ready? }, onFailure: stop }
  - { id: failover, uses: vro.failover, with: { plan: ERP } }
`);
    const first = await stage.start(text, { mode: 'live' });
    await approve(stage, first, 'go', 'boris');
    await stage.gate(first, 'ask');
    await stage.muster.vote({
      runId: first,
      gate: 'ask',
      decision: 'answer',
      answer: 'failed',
      person: 'anna',
    });
    await stage.ended(first);
    const { runId } = await stage.muster.rerun({ runId: first, from: 'ask', person: 'anna' });
    await approve(stage, runId, 'go', 'carla');
    await stage.gate(runId, 'ask');
    await stage.muster.vote({ runId, gate: 'ask', decision: 'answer', answer: 'done', person: 'anna' });
    const view = await stage.ended(runId);
    expect([view.outcome, stepOf(view, 'before').takenOver]).toEqual(['succeeded', true]);
    expect(callsTo(stage)).toEqual([FAILOVER]);
  });

  test('of a run that goes on, or from where there is nothing, is refused', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(runbookOf('steps: [{ id: ask, manual: { title: Ready? } }]\n'));
    await stage.gate(runId, 'ask');
    await expect(stage.muster.rerun({ runId, from: 'ask', person: 'anna' })).rejects.toThrow(/not over/);
    await stage.muster.cancel({ runId, person: 'anna' });
    await stage.ended(runId);
    await expect(stage.muster.rerun({ runId, from: 'nowhere', person: 'anna' })).rejects.toThrow(
      /no step nowhere/,
    );
  });

  test('of a live run that is not published as it ran is refused like a start', async () => {
    const stage = await stageForTest();
    const text = runbookOf('steps: [{ id: fails, check: "false", onFailure: stop }]\n');
    const runId = await stage.start(text, { mode: 'live' });
    await stage.ended(runId);
    const { digest = '' } = await stage.muster.validate({ file: 'test.yaml', text });
    const again = (published: ReadonlyMap<string, string>) => {
      const control = createControl({ client: stage.client, taskQueue: stage.taskQueue });
      const actor = () => stage.muster.as('anna').whoami();
      const data = { ...stage.data, config: { ...stage.data.config, published } };
      const muster = musterWith({ control, actor }, data);
      return muster.rerun({ runId, from: 'fails' });
    };
    await expect(again(new Map())).rejects.toMatchObject({
      code: 'run.refused',
      diagnostics: [{ code: 'NOT_PUBLISHED', message: '`test` is not published, so it cannot run live.' }],
    });
    await expect(again(new Map([['test', 'of-another']]))).rejects.toMatchObject({
      diagnostics: [{ code: 'NOT_PUBLISHED', message: expect.stringContaining('has changed') as string }],
    });
    expect((await again(new Map([['test', digest]]))).digest).toBe(digest);
  });
});
