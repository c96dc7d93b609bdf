import { expect, test } from 'vitest';
import { z } from 'zod';
import { drillInputs, stageForTest } from '../support/stage.ts';

test('two workers and the commands share one database', async () => {
  const stage = await stageForTest({ worker: false });
  await Promise.all([stage.spawnWorker(), stage.spawnWorker()]);
  const { backupId } = drillInputs(stage);
  const started = Array.from({ length: 8 }, () => stage.start('recovery-tokens', { inputs: { backupId } }));
  const ended = await Promise.all((await Promise.all(started)).map((runId) => stage.ended(runId)));
  expect(ended.map(({ outcome }) => outcome)).toEqual(started.map(() => 'succeeded'));

  const { database } = stage.data;
  const results = await database.rows(
    z.object({ run: z.string(), how: z.string() }),
    `SELECT run, result ->> 'how' AS how FROM intents`,
  );
  expect(new Set(results.map(({ run }) => run)).size).toBe(8);
  expect(new Set(results.map(({ how }) => how))).toEqual(new Set(['done']));
});
