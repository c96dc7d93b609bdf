import { describe, expect, test } from 'vitest';
import { approve, callsTo, runbookOf, stageForTest, stepOf } from '../support/stage.ts';

const FAILOVER = runbookOf(`
steps:
  - id: go
    approval: { title: Go?, covers: [failover], rules: [{ role: dr-manager, count: 1 }] }
  - { id: failover, uses: vro.failover, with: { plan: ERP } }
  - { id: after, uses: vro.plan, with: { plan: ERP } }
`);

const operator = { as: 'anna' } as const;

describe('while everything is frozen', () => {
  test('nothing new starts, and whoever tries is told why', async () => {
    const stage = await stageForTest();
    const { freeze } = await stage.muster.as(operator.as).freeze({ reason: 'wrong site' });
    await expect(stage.start(FAILOVER, { mode: 'live' })).rejects.toMatchObject({
      code: 'run.frozen',
      message: expect.stringContaining('frozen by anna: wrong site') as string,
      hint: expect.stringContaining(freeze.id) as string,
    });
  });

  test('an approved command is not sent, and is sent once when the freeze ends', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(FAILOVER, { mode: 'live' });
    await stage.gate(runId, 'go');
    const anna = stage.muster.as(operator.as);
    await anna.freeze({ reason: 'wait' });
    await approve(stage, runId, 'go', 'boris');
    const held = await stage.until(runId, (view) => stepOf(view, 'failover').frozen !== undefined);
    expect(stepOf(held, 'failover').frozen).toContain('frozen by anna: wait');
    expect(callsTo(stage)).toEqual([]);
    await anna.unfreeze({});
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(callsTo(stage).filter((call) => call.includes('Failover'))).toHaveLength(1);
  });

  test('what is watched goes on being watched, and what comes after it waits', async () => {
    const stage = await stageForTest({ timeScale: 60 });
    const runId = await stage.start(FAILOVER, { mode: 'live' });
    await approve(stage, runId, 'go', 'boris');
    await stage.until(runId, ({ progress }) => progress['failover'] !== undefined);
    const anna = stage.muster.as(operator.as);
    const { goesOn } = await anna.freeze({ reason: 'look first' });
    expect(goesOn.map(({ runId: id, path }) => [id, path])).toEqual([[runId, 'failover']]);
    const held = await stage.until(runId, (view) => stepOf(view, 'after').frozen !== undefined);
    expect(stepOf(held, 'failover').outcome).toBe('succeeded');
    await anna.unfreeze({});
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
  });

  test('workers that come back find it frozen still', async () => {
    const stage = await stageForTest({ worker: false });
    const first = await stage.startWorker();
    const runId = await stage.start(FAILOVER, { mode: 'live' });
    await stage.gate(runId, 'go');
    await first.stop();
    const anna = stage.muster.as(operator.as);
    await anna.freeze({ reason: 'restart' });
    await stage.startWorker();
    await approve(stage, runId, 'go', 'boris');
    await stage.until(runId, (view) => stepOf(view, 'failover').frozen !== undefined);
    expect(callsTo(stage)).toEqual([]);
    await anna.unfreeze({});
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
  });
});

test('a freeze of one connection, of one mode and of some runbooks leaves others alone', async () => {
  const stage = await stageForTest();
  const anna = stage.muster.as(operator.as);
  await anna.freeze({ reason: 'site', scope: { connection: 'dr-backup' } });
  await anna.freeze({ reason: 'others', scope: { runbooks: 'crm-*' } });
  const look = runbookOf(`
steps: [{ id: look, uses: vro.plan, with: { plan: ERP } }]
`);
  const runId = await stage.start(look, { mode: 'live' });
  expect((await stage.ended(runId)).outcome).toBe('succeeded');
  await anna.freeze({ reason: 'real ones', scope: { mode: 'live' } });
  await expect(stage.start(look, { mode: 'live' })).rejects.toMatchObject({ code: 'run.frozen' });
});

test('a planned freeze holds nothing before it begins, and ends by itself', async () => {
  const stage = await stageForTest();
  const anna = stage.muster.as(operator.as);
  const now = Date.now();
  await anna.freeze({ reason: 'change freeze', from: now + 3_600_000, until: now + 7_200_000 });
  const look = runbookOf(`
steps: [{ id: look, uses: vro.plan, with: { plan: ERP } }]
`);
  const runId = await stage.start(look);
  expect((await stage.ended(runId)).outcome).toBe('succeeded');
});

test('whoever may not freeze does not', async () => {
  const stage = await stageForTest();
  await expect(stage.muster.as('boris').freeze({ reason: 'no' })).rejects.toMatchObject({
    code: 'identity.notAllowed',
  });
});
