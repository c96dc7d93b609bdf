import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, test, type TestContext } from 'vitest';
import { heldClock } from '../support/held-clock.ts';
import { openStage, stepOf, type Stage, type StageOptions } from '../support/stage.ts';
import { canary, countRequests, FAILOVER, failovers, isWatching, READ_PLAN } from './canary.ts';

/** A lost worker is noticed after ten seconds, and several of these wait for that on a busy machine. */
const SLOW = { timeout: 120_000 };

/** A stage whose first worker can be killed. */
async function stageWithChild(
  { onTestFinished }: TestContext,
  options: StageOptions = {},
): Promise<{ stage: Stage; child: ChildProcess }> {
  const stage = await openStage({ worker: false, ...options });
  onTestFinished(() => stage.close());
  return { stage, child: await stage.spawnWorker() };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** How many activities of a run the server has given up. */
async function timeOuts({ client }: Stage, runId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(runId).fetchHistory();
  return (events ?? []).filter((event) => Boolean(event.activityTaskTimedOutEventAttributes)).length;
}

describe.concurrent('a worker that is lost', SLOW, () => {
  test('because it was frozen right before its request sends nothing when it wakes up', async (context) => {
    const { stage, child } = await stageWithChild(context);
    const { expect } = context;
    const requests = countRequests(stage);
    // The answer is made before the world changes, so that what the fence reads of the plan is as it was.
    const stale = { kind: 'hold', system: 'vro', call: READ_PLAN, after: 1, when: 'after' } as const;
    const held = stage.simulator.faults.add(stale);
    const runId = await stage.start(canary());
    await held.arrived;
    child.kill('SIGSTOP');
    await stage.startWorker();
    await expect.poll(() => timeOuts(stage, runId), { timeout: 60_000 }).toBe(1);
    held.release();
    child.kill('SIGCONT');
    // It ends in order, when what it had begun has come to an end.
    child.kill('SIGTERM');
    await once(child, 'exit');
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    // Sent by the attempt after it: had the frozen one sent it, it would have been adopted.
    expect(stepOf(view, 'failover').command?.how).toBe('done');
    expect(requests()).toBe(1);
  });

  test('before the failover is sent leaves one failover', async (context) => {
    const { stage, child } = await stageWithChild(context);
    const { expect } = context;
    const requests = countRequests(stage);
    // The second look at the plan is the fence's, right before the request.
    const held = stage.simulator.faults.add({ kind: 'hold', system: 'vro', call: READ_PLAN, after: 1 });
    const runId = await stage.start(canary());
    await held.arrived;
    await kill(child);
    held.release();
    await stage.startWorker();
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(stepOf(view, 'failover').command?.how).toBe('done');
    expect(failovers(stage)).toBe(1);
    expect(requests()).toBe(1);
  });

  test('after the effect, before the answer, leaves one failover', async (context) => {
    const { stage, child } = await stageWithChild(context);
    const { expect } = context;
    const requests = countRequests(stage);
    const held = stage.simulator.faults.add({ kind: 'hold', system: 'vro', call: FAILOVER, when: 'after' });
    const runId = await stage.start(canary());
    await stage.simulator.journaled(FAILOVER, { withinMs: 45_000 });
    await kill(child);
    held.release();
    await stage.startWorker();
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(stepOf(view, 'failover').command?.how).toBe('adopted');
    expect(failovers(stage)).toBe(1);
    expect(requests()).toBe(1);
  });

  test('in the middle of polling leaves one failover', async (context) => {
    const clock = heldClock();
    const { stage, child } = await stageWithChild(context, { clock });
    const { expect } = context;
    clock.hold();
    const runId = await stage.start(canary());
    await stage.until(runId, isWatching);
    await kill(child);
    clock.release();
    await stage.startWorker();
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(failovers(stage)).toBe(1);
  });

  test('while an approval is awaited loses nothing of it', async (context) => {
    const { stage, child } = await stageWithChild(context);
    const { expect } = context;
    const runId = await stage.start(
      canary(`  - id: go
    approval: { title: Now?, covers: [failover], rules: [{ role: dr-manager, count: 1 }] }`),
    );
    const { gate } = await stage.gate(runId, 'go');
    await kill(child);
    await stage.startWorker();
    // The server asks the dead worker first, so for some seconds nobody answers.
    await stage.gate(runId, 'go');
    await stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris' });
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(stepOf(view, 'go').gate?.nonce).toBe(gate?.nonce);
    expect(failovers(stage)).toBe(1);
  });

  test('while a check is repeated is replaced by another one', async (context) => {
    const { stage, child } = await stageWithChild(context);
    const { expect } = context;
    const { simulator } = stage;
    const runId = await stage.start(
      canary(`  - id: web
    uses: http.check
    with: { url: "${simulator.urls.app}/apps/CRM/health" }
    until: { within: 10m, every: 1s }`),
    );
    await stage.until(runId, ({ progress }) => (progress['web']?.says ?? '').startsWith('try'));
    await kill(child);
    simulator.world.command('CRM', { action: 'Failover' });
    await stage.startWorker();
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(failovers(stage)).toBe(1);
  });
});
