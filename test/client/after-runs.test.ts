import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { raiseMissed } from '../../src/client/missed-schedules.ts';
import { sumUpRuns } from '../../src/client/sum-up.ts';
import { ControlError, type ListedSchedule } from '../../src/control/index.ts';
import { storesForTest } from '../support/database.ts';
import { evidencePartsOf } from '../support/evidence-parts.ts';
import { openKeys } from '../../src/identity/index.ts';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fakeControl } from './fake-control.ts';

const SCHEDULE: ListedSchedule = {
  id: 'erp/nightly',
  paused: false,
  next: [],
  launch: {
    schedule: 'erp/nightly',
    runbook: 'erp',
    runbookDigest: 'd'.repeat(64),
    mode: 'drill',
    purpose: 'exercise',
    inputs: {},
    cron: '0 3 * * *',
    timezone: 'UTC',
    appliedAt: 1_000,
    appliedBy: 'anna',
  },
};

test('times that Temporal let go by are a finding, again only when there are more', async () => {
  const { findings } = await storesForTest({ folder: tmpdir() });
  const look = (count: number): Promise<void> => {
    const schedules = [{ ...SCHEDULE, ...(count > 0 && { missed: { count, since: 1_000 } }) }];
    return raiseMissed({ schedules: { list: async () => schedules }, findings, now: () => 5_000 });
  };
  for (const count of [0, 1, 1, 3]) await look(count);
  expect((await findings.list()).map(({ raisedBy, runbook, text }) => [raisedBy, runbook, text])).toEqual([
    ['schedule', 'erp', expect.stringContaining('one of its times') as string],
    ['schedule', 'erp', expect.stringContaining('3 of its times') as string],
  ]);
});

test('a run that cannot be summed up keeps no other from it', async () => {
  const stores = await storesForTest({ folder: tmpdir() });
  const keys = await openKeys({ folder: await mkdtemp(join(tmpdir(), 'muster-keys-')) });
  const run = {
    runbook: 'erp',
    digest: 'd'.repeat(64),
    mode: 'drill',
    purpose: 'exercise',
    starter: 'anna',
    startedAt: 500,
  } as const;
  for (const runId of ['erp-20250131-aaaaaa', 'erp-20250131-bbbbbb']) {
    await stores.runs.begin({ ...run, runId, firstExecutionId: runId });
    await stores.runs.end(runId, { endedAt: 900, outcome: 'succeeded' });
  }
  const control = fakeControl({
    describe: async (runId) => {
      if (runId.endsWith('aaaaaa')) throw new Error('a mistake of ours');
      throw new ControlError('run.notFound');
    },
  });
  const { sealing } = evidencePartsOf(stores, keys);
  const parts = { control, stores, sealing, now: () => 5_000 };
  await expect(sumUpRuns(parts)).rejects.toThrow('1 runs could not be summed up');
  expect((await stores.runs.find('erp-20250131-bbbbbb'))?.summary).toEqual({ told: false });
  expect(await stores.runs.toSumUp(5_000, 9)).toEqual([]);
});
