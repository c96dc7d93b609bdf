import { describe, test, type TestContext } from 'vitest';
import { openStage, stepOf, type Stage } from '../support/stage.ts';
import { canary, countRequests, FAILOVER, failovers } from './canary.ts';

const SLOW = { timeout: 60_000 };

/** A worker that is asked to stop while its request for a failover is answered late, and has stopped. */
async function stoppedWhileSending(
  { onTestFinished }: TestContext,
  /** `refused`: the server refuses it, once. */
  { shutdownGraceMs, refused = false }: { shutdownGraceMs?: number; refused?: boolean } = {},
): Promise<{ stage: Stage; runId: string; requests: () => number }> {
  const stage = await openStage({ worker: false });
  onTestFinished(() => stage.close());
  const requests = countRequests(stage);
  const call = { system: 'vro', call: FAILOVER } as const;
  const when = refused ? 'before' : 'after';
  const late = stage.simulator.faults.add({ kind: 'latency', ms: 2_000, ...call, when });
  if (refused) stage.simulator.faults.add({ kind: 'error', status: 403, ...call });
  const worker = await stage.startWorker(shutdownGraceMs === undefined ? {} : { shutdownGraceMs });
  const runId = await stage.start(canary());
  await late.arrived;
  await worker.stop();
  return { stage, runId, requests };
}

describe.concurrent('a worker that is stopped while it sends a command', SLOW, () => {
  test('waits for the answer, and the next one goes on from it', async (context) => {
    const { stage, runId } = await stoppedWhileSending(context);
    await stage.startWorker();
    const view = await stage.ended(runId);
    context.expect([view.outcome, stepOf(view, 'failover').command?.how]).toEqual(['succeeded', 'done']);
    context.expect(failovers(stage)).toBe(1);
  });

  test('sends it once, also when the answer takes longer than it is given', async (context) => {
    const { stage, runId, requests } = await stoppedWhileSending(context, { shutdownGraceMs: 100 });
    await stage.startWorker();
    context.expect((await stage.ended(runId)).outcome).toBe('succeeded');
    context.expect([failovers(stage), requests()]).toEqual([1, 1]);
  });

  test('leaves one that was refused meanwhile to the next, since it certainly did nothing', async (context) => {
    const { stage, runId, requests } = await stoppedWhileSending(context, {
      shutdownGraceMs: 100,
      refused: true,
    });
    await stage.startWorker();
    context.expect((await stage.ended(runId)).outcome).toBe('succeeded');
    context.expect([failovers(stage), requests()]).toEqual([1, 2]);
  });
});
