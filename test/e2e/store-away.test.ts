import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { openStageOn } from '../support/open-stage.ts';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.ts';
import { historyOf, replay } from '../support/replay.ts';
import { callsTo, decide, outcomesOf, runbookOf, stepOf, type Stage } from '../support/stage.ts';
import { canary, FAILOVER, failovers, READ_PLAN } from './canary.ts';

const SLOW = { timeout: 120_000 };

/** One branch fails while the command of the other waits for the ledger. */
const FAIL_FAST = runbookOf(`
steps:
  - id: both
    failFast: true
    parallel:
      - { id: broken, steps: [{ id: longer, wait: 3s }, { id: bad, check: 'false' }] }
      - id: acting
        steps:
          - { id: rest, wait: 2s }
          - { id: check, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }
`);

const UNRECORDED = 'The ledger cannot be written, and until it can, nothing is sent';

let postgres: OwnPostgres;
beforeAll(async () => {
  postgres = await startOwnPostgres();
});
afterAll(() => postgres.stop());

/** A stage whose PostgreSQL the test may take away. */
async function ownStage(setup: { worker?: boolean } = {}): Promise<Stage> {
  const place = {
    address: inject('temporalAddress'),
    bundlePath: inject('workflowBundlePath'),
    databaseUrl: postgres.url,
  };
  const stage = await openStageOn(place, setup);
  onTestFinished(async () => {
    await postgres.back();
    await stage.close();
  });
  return stage;
}

test(
  'a worker stops although the store is away while a run begins, and the next one goes on with it',
  SLOW,
  async () => {
    const stage = await ownStage({ worker: false });
    const runId = await stage.start(runbookOf("steps: [{ id: one, check: 'true' }]\n"));
    await postgres.kill();
    const worker = await stage.startWorker();
    const { client } = stage;
    await expect
      .poll(async () => (await client.workflow.getHandle(runId).fetchHistory()).events?.length ?? 0, {
        timeout: 30_000,
      })
      .toBeGreaterThan(2);
    await worker.stop();
    await postgres.back();
    await stage.startWorker();
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(await replay({ history: await historyOf(stage, runId) })).toEqual({});
  },
);

describe('while the store is away', SLOW, () => {
  test('a branch that another one ends sends nothing, also when the store is back', async () => {
    const stage = await ownStage();
    const runId = await stage.start(FAIL_FAST);
    await stage.until(runId, (view) => stepOf(view, 'both/acting/rest').state === 'running');
    await postgres.kill();
    const away = await stage.until(runId, (view) => stepOf(view, 'both/broken/bad').outcome === 'failed');
    expect(away.timeline.unrecorded).toContain(UNRECORDED);
    expect(stepOf(away, 'both/acting/check')).toMatchObject({ state: 'running' });
    await postgres.back();
    const { failure } = await stage.gate(runId, 'both');
    const view = await stage.muster.show(runId);
    expect([failure?.code, stepOf(view, 'both/acting/check').outcome]).toEqual([
      'step.branchFailed',
      'cancelled',
    ]);
    expect(view.timeline.unrecorded).toBeUndefined();
    expect(callsTo(stage)).toEqual([]);
  });

  test('a run is cancelled through Temporal, and does not send what it was about to send', async () => {
    const stage = await ownStage();
    const runId = await stage.start(canary('  - { id: rest, wait: 2s }'));
    await stage.until(runId, (view) => stepOf(view, 'rest').state === 'running');
    await postgres.kill();
    await stage.until(runId, (view) => view.timeline.unrecorded !== undefined);
    const asked = stage.muster.cancel({ runId, person: 'anna', reason: 'wrong plan' });
    await expect(asked).rejects.toMatchObject({ code: 'store.unavailable' });
    await stage.client.workflow.getHandle(runId).cancel();
    const away = await stage.until(runId, (view) => view.timeline.cancelled !== undefined);
    expect([away.timeline.cancelled?.by, away.timeline.unrecorded]).toEqual([
      'temporal',
      expect.stringContaining(UNRECORDED),
    ]);
    await postgres.back();
    const view = await stage.ended(runId);
    expect([view.outcome, outcomesOf(view)]).toMatchObject([
      'cancelled',
      { failover: 'cancelled', 'cleanup/undo': 'succeeded', 'cleanup/muster.restored': 'succeeded' },
    ]);
    expect(callsTo(stage)).toEqual([]);
    expect(await replay({ history: await historyOf(stage, runId) })).toEqual({});
  });

  test('a command that looks at its plan is sent by itself when the store is back', async () => {
    const stage = await ownStage();
    const held = stage.simulator.faults.add({ kind: 'hold', system: 'vro', call: READ_PLAN });
    const runId = await stage.start(canary());
    await held.arrived;
    await postgres.kill();
    held.release();
    await stage.until(runId, ({ timeline }) => timeline.unrecorded?.startsWith(UNRECORDED) === true);
    expect(failovers(stage)).toBe(0);
    await postgres.back();
    const view = await stage.ended(runId);
    expect([view.outcome, stepOf(view, 'failover').attempt]).toEqual(['succeeded', 1]);
    expect(failovers(stage)).toBe(1);
    expect(await replay({ history: await historyOf(stage, runId) })).toEqual({});
  });

  test('a command that was about to be sent says that it did nothing, and is sent by a retry', async () => {
    const stage = await ownStage();
    const hold = { kind: 'hold', system: 'vro', call: READ_PLAN } as const;
    const looking = stage.simulator.faults.add(hold);
    const runId = await stage.start(canary());
    await looking.arrived;
    // Its second look is that of the fence: the intent is written by then.
    const fenced = stage.simulator.faults.add(hold);
    looking.release();
    await fenced.arrived;
    await postgres.kill();
    fenced.release();
    const away = await stage.until(runId, (view) => stepOf(view, 'failover').failure !== undefined);
    expect(stepOf(away, 'failover').failure).toMatchObject({
      code: 'step.storeAway',
      message: expect.stringMatching(/^vro\.failover did nothing: .* retry\. docs\/emergency\.md/) as string,
    });
    expect(failovers(stage)).toBe(0);
    await postgres.back();
    await decide(stage, runId, 'failover', 'retry');
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(failovers(stage)).toBe(1);
  });

  test('a worker that is stopped while it sends leaves its command to be looked for', async () => {
    const stage = await ownStage({ worker: false });
    const worker = await stage.startWorker({ shutdownGraceMs: 100 });
    const slow = { kind: 'hold', system: 'vro', call: FAILOVER, when: 'after' } as const;
    const held = stage.simulator.faults.add(slow);
    const runId = await stage.start(canary());
    await held.arrived;
    await postgres.kill();
    const stopped = worker.stop();
    held.release();
    await stopped;
    await postgres.back();
    await stage.startWorker();
    const view = await stage.ended(runId);
    expect([view.outcome, stepOf(view, 'failover').command?.how]).toEqual(['succeeded', 'adopted']);
    expect(failovers(stage)).toBe(1);
  });
});
