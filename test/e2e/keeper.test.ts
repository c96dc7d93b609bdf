import { expect, test } from 'vitest';
import { createControl } from '../../src/control/index.ts';
import { noteEnds } from '../../src/stack/keeper.ts';
import { approve, stageForTest, type Stage } from '../support/stage.ts';
import { oneGate } from '../support/one-gate.ts';

const ONE_GATE = oneGate();

const lookOnce = ({ client, taskQueue, data: { stores } }: Stage): Promise<number> =>
  noteEnds({ control: createControl({ client, taskQueue }), stores });

/** What is known of a run after a look. The server's list may be a moment behind: the keeper looks again and again. */
async function looked(stage: Stage, runId: string): Promise<unknown> {
  await lookOnce(stage);
  return stage.data.stores.runs.find(runId);
}

test('the end of a run is noted with what came of it', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(ONE_GATE);
  await approve(stage, runId, 'go', 'boris');
  await stage.ended(runId);
  await expect.poll(() => looked(stage, runId), { timeout: 20_000 }).toMatchObject({ outcome: 'succeeded' });
});

test('a run that somebody terminated behind our back asks nobody any more', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(ONE_GATE);
  await stage.gate(runId, 'go');
  await stage.client.workflow.getHandle(runId).terminate('for the test');
  await expect.poll(() => looked(stage, runId), { timeout: 20_000 }).toMatchObject({ outcome: 'terminated' });
  expect(await stage.data.stores.gates.listOpen()).toEqual([]);
});

test('a run that still goes on is left as it is', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(ONE_GATE);
  await stage.gate(runId, 'go');
  await lookOnce(stage);
  expect((await stage.data.stores.gates.listOpen()).map((gate) => gate.runId)).toEqual([runId]);
});
