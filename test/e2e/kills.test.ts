import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, test, type TestContext } from 'vitest';
import { heldClock } from '../support/held-clock.ts';
import { openStage, stepOf, type Stage, type StageOptions } from '../support/stage.ts';
import { canary, FAILOVER, failovers, isWatching, READ_PLAN } from './canary.ts';

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

describe.concurrent('a worker that is lost', SLOW, () => {
  // The longest of them, so it goes first: only some run side by side.
  test('because it was frozen right before its request sends nothing when it wakes up', async (context) => {
    const { stage, child } = await stageWithChild(context);
    const { expect } = context;
    const held = stage.simulator.faults.add({ kind: 'hold', system: 'vro', call: READ_PLAN, after: 1 });
    const runId = await stage.start(canary());
    await held.arrived;
    child.kill('SIGSTOP');
    await stage.startWorker();
    // The frozen worker still takes tasks from the server, and each is given up only after ten seconds.
    await stage.simulator.journaled(FAILOVER, { withinMs: 90_000 });
    // Its answer lies ready, so waking up it goes straight to the fence.
    held.release();
    child.kill('SIGCONT');
    // It ends in order, when what it had begun has come to an end.
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(failovers(stage)).toBe(1);
  });

  test('before the failover is sent leaves one failover', async (context) => {
    const { stage, child } = await stageWithChild(context);
    const { expect } = context;
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
  });

  test('after the effect, before the answer, leaves one failover', async (context) => {
    const { stage, child } = await stageWithChild(context);
    const { expect } = context;
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
