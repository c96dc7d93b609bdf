import { expect, it } from 'vitest';
import type { KeptRun } from '../../src/store/index.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { storesOver } from './support.ts';

const RUN: KeptRun = {
  runId: 'erp-1',
  runbook: 'erp-failover',
  digest: 'digest',
  mode: 'drill',
  purpose: 'exercise',
  starter: 'anna',
  startedAt: 100,
};

async function newRuns() {
  const { runs } = await storesOver(await databaseUrlForTest());
  return runs;
}

it('are remembered from before they start until after they end', async () => {
  const runs = await newRuns();
  const end = {
    endedAt: 900,
    outcome: 'warned',
    firstExecutionId: 'execution',
    achievedRtoMs: 5_000,
  } as const;
  await runs.begin(RUN);
  const before = await runs.find('erp-1');
  await runs.end('erp-1', end);
  expect([before, await runs.find('erp-1')]).toEqual([RUN, { ...RUN, ...end }]);
});

it('are found by their first execution, as soon as it is known', async () => {
  const runs = await newRuns();
  await runs.begin(RUN);
  const before = await runs.findExecution('execution');
  await runs.begin({ ...RUN, firstExecutionId: 'execution' });
  await runs.begin({ ...RUN, firstExecutionId: 'another' });
  expect([before, await runs.findExecution('execution')]).toEqual([
    undefined,
    { ...RUN, firstExecutionId: 'execution' },
  ]);
});

it('begin and end once: what was noted first stays', async () => {
  const runs = await newRuns();
  await runs.begin(RUN);
  await runs.begin({ ...RUN, starter: 'boris' });
  await runs.end('erp-1', { endedAt: 900, outcome: 'failed' });
  await runs.end('erp-1', { endedAt: 950, outcome: 'succeeded' });
  expect(await runs.find('erp-1')).toEqual({ ...RUN, endedAt: 900, outcome: 'failed' });
});

it('that are open are listed oldest first, all of them newest first', async () => {
  const runs = await newRuns();
  for (const [index, runId] of ['a', 'b', 'c'].entries()) {
    await runs.begin({ ...RUN, runId, startedAt: index });
  }
  await runs.end('b', { endedAt: 900, outcome: 'terminated' });
  const idsOf = (listed: readonly KeptRun[]) => listed.map(({ runId }) => runId);
  expect([idsOf(await runs.open()), idsOf(await runs.list(2))]).toEqual([
    ['a', 'c'],
    ['c', 'b'],
  ]);
});

it('tell how the last one of a runbook ended, by mode', async () => {
  const runs = await newRuns();
  await runs.begin({ ...RUN, runId: 'old' });
  await runs.begin({ ...RUN, runId: 'new', startedAt: 200 });
  await runs.begin({ ...RUN, runId: 'live', mode: 'live', startedAt: 300 });
  await runs.begin({ ...RUN, runId: 'open', startedAt: 400 });
  for (const runId of ['old', 'new', 'live']) await runs.end(runId, { endedAt: 900, outcome: 'succeeded' });
  expect((await runs.lastEnded('erp-failover', 'drill'))?.runId).toBe('new');
  expect(await runs.lastEnded('another', 'drill')).toBeUndefined();
});
