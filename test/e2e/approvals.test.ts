import { describe, expect, test } from 'vitest';
import { approve, outcomesOf, runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

const gated = (approval: string): string =>
  runbookOf(`
steps:
  - { id: go, approval: { title: Go on?, ${approval} } }
  - { id: block, steps: [{ id: inside, check: 1 < 2 }] }
cleanup: [{ id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }]
always: [{ id: tell, check: 'run.outcome != ""' }]
`);
const ONE = 'rules: [{ role: dr-manager, count: 1 }]';

async function refusals({ muster }: Stage, runId: string): Promise<string[]> {
  const { timeline } = await muster.show(runId);
  return timeline.refused.latest.map(({ refusal }) => refusal);
}

describe('a no', () => {
  test('rejects the run, with the comment as the reason', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(gated(ONE));
    await stage.gate(runId, 'go');
    const no = { decision: 'reject', comment: 'not before the backup', person: 'boris' } as const;
    await stage.muster.vote({ runId, gate: 'go', ...no });
    const view = await stage.ended(runId);
    expect(stepOf(view, 'go')).toMatchObject({ outcome: 'rejected', reason: 'boris: not before the backup' });
    expect([view.outcome, stepOf(view, 'block/inside').reason]).toEqual(['rejected', 'the run was rejected']);
  });

  test('leaves nothing to clean up', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(gated(ONE));
    await stage.gate(runId, 'go');
    await stage.muster.vote({ runId, gate: 'go', decision: 'reject', comment: 'no', person: 'boris' });
    const view = await stage.ended(runId);
    expect(outcomesOf(view)).toMatchObject({ 'cleanup/undo': 'succeeded', 'always/tell': 'succeeded' });
    expect(stage.simulator.journal).toEqual([]);
  });

  test('needs a reason', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(gated(ONE));
    await stage.gate(runId, 'go');
    await expect(
      stage.muster.vote({ runId, gate: 'go', decision: 'reject', person: 'boris' }),
    ).rejects.toMatchObject({ code: 'vote.refused' });
  });
});

describe('a yes', () => {
  test('does not count from somebody without the role', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(gated(ONE));
    await expect(approve(stage, runId, 'go', 'dieter')).rejects.toMatchObject({ code: 'vote.refused' });
    expect(await refusals(stage, runId)).toEqual(['noRole']);
  });

  test('does not count from whoever started the run, if the runbook excludes them', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(gated(`${ONE}, exclude: [starter]`), { person: 'emil' });
    await expect(approve(stage, runId, 'go', 'emil')).rejects.toMatchObject({ code: 'vote.refused' });
    expect(await refusals(stage, runId)).toEqual(['excluded']);
  });

  test('counts once for each person', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(gated('rules: [{ role: dr-manager, count: 2 }]'));
    await approve(stage, runId, 'go', 'boris');
    await expect(approve(stage, runId, 'go', 'boris')).rejects.toMatchObject({ code: 'vote.refused' });
    expect((await stage.gate(runId, 'go')).gate?.missing).toEqual(['1 more with role dr-manager']);
    await approve(stage, runId, 'go', 'carla');
    expect(stepOf(await stage.ended(runId), 'go').output).toEqual({ approvedBy: ['boris', 'carla'] });
  });
});

describe('an approval whose time is over', () => {
  test('is a no when the runbook says so', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(gated(`${ONE}, timeout: 1s, onTimeout: reject`));
    const view = await stage.ended(runId);
    expect(stepOf(view, 'go')).toMatchObject({ outcome: 'rejected', reason: 'nobody answered in time' });
  });

  test('stays open, overdue, when the runbook says hold', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(gated(`${ONE}, timeout: 1s, onTimeout: hold`));
    await stage.until(runId, (view) => stepOf(view, 'go').gate?.overdue === true);
    await approve(stage, runId, 'go', 'boris');
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
  });
});
