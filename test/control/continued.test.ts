import { expect, test } from 'vitest';
import { runbookOf, stageForTest } from '../support/stage.ts';

test('a run that has continued as new keeps its start in the list', async () => {
  const stage = await stageForTest();
  const begins = Date.now();
  const text = runbookOf(
    'steps: [{ id: a, wait: 1s }, { id: b, wait: 1s }, { id: c, check: "true" }, { id: d, check: "true" }]',
  );
  const runId = await stage.start(text, { continueAfter: 1 });
  const { timeline } = await stage.ended(runId);
  const list = async () => (await stage.muster.list({ limit: 1_000 })).find((run) => run.runId === runId);
  // The server's list lags behind by up to a second.
  await expect.poll(async () => (await list())?.endedAt, { timeout: 30_000 }).toBeDefined();
  const listed = await list();
  const { startTime } = await stage.client.workflow.getHandle(runId).describe();

  expect(timeline.continuations).toBeGreaterThan(0);
  expect(startTime.getTime()).toBeGreaterThanOrEqual(timeline.startedAt + 1_000);
  expect(listed?.startedAt).toBeLessThanOrEqual(timeline.startedAt);
  expect(listed?.startedAt).toBeGreaterThanOrEqual(begins);
});
