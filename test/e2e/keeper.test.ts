import { expect, test } from 'vitest';
import { createControl } from '../../src/control/index.ts';
import { endsNoted } from '../support/ends-noted.ts';
import { approve, stageForTest, type Stage } from '../support/stage.ts';
import { oneGate } from '../support/one-gate.ts';

const ONE_GATE = oneGate();

const look = ({ client, taskQueue, data: { stores } }: Stage): Promise<void> =>
  endsNoted({ control: createControl({ client, taskQueue }), stores });

test('the end of a run is noted with what came of it', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(ONE_GATE);
  await approve(stage, runId, 'go', 'boris');
  await stage.ended(runId);
  await look(stage);
  expect(await stage.data.stores.runs.find(runId)).toMatchObject({ outcome: 'succeeded' });
});

test('a run that somebody terminated behind our back asks nobody any more', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(ONE_GATE);
  await stage.gate(runId, 'go');
  await stage.client.workflow.getHandle(runId).terminate('for the test');
  await look(stage);
  const { runs, gates } = stage.data.stores;
  expect(await runs.find(runId)).toMatchObject({ outcome: 'terminated' });
  expect(await gates.listOpen()).toEqual([]);
});

test('a run that still goes on is left as it is', async () => {
  const stage = await stageForTest();
  const runId = await stage.start(ONE_GATE);
  await stage.gate(runId, 'go');
  await look(stage);
  expect((await stage.data.stores.gates.listOpen()).map((gate) => gate.runId)).toEqual([runId]);
});
