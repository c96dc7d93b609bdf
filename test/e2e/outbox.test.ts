import { describe, expect, test } from 'vitest';
import { deliverWaiting } from '../../src/client/in-process.ts';
import { createControl } from '../../src/control/index.ts';
import { ownTemporal } from '../support/own-temporal.ts';
import { openStage, stageForTest, stepOf } from '../support/stage.ts';
import { oneGate } from '../support/one-gate.ts';

const ONE_GATE = oneGate();

describe('an approval that cannot be counted now', { timeout: 120_000 }, () => {
  test('because no worker runs, counts when one is back', async () => {
    const stage = await stageForTest({ worker: false });
    const worker = await stage.startWorker();
    const runId = await stage.start(ONE_GATE);
    await stage.gate(runId, 'go');
    await worker.stop();
    const said = stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris' });
    await expect(said).rejects.toMatchObject({ code: 'vote.unanswered' });
    await stage.startWorker();
    expect(stepOf(await stage.ended(runId), 'go').reason).toBe('approved by boris');
  });

  test('because Temporal is down, is kept and arrives when it is back', async (context) => {
    const temporal = await ownTemporal(context);
    const stage = await openStage({ address: temporal.address });
    context.onTestFinished(() => stage.close());
    const runId = await stage.start(ONE_GATE);
    await stage.gate(runId, 'go');
    await temporal.stop();
    const said = stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris' });
    await expect(said).rejects.toMatchObject({ code: 'vote.unanswered' });
    const { votes } = stage.data.stores;
    expect((await votes.waiting(Date.now(), 10)).map(({ person }) => person)).toEqual(['boris']);

    await temporal.start();
    const control = createControl({ client: stage.client, taskQueue: stage.taskQueue });
    expect(await deliverWaiting({ control, votes }, Date.now())).toBe(1);
    expect(stepOf(await stage.ended(runId), 'go').reason).toBe('approved by boris');
  });
});
