import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect, onTestFinished, test } from 'vitest';
import type { ActionResult, PollInput } from '../../activities/contract.ts';
import { waitUntilStable } from '../../activities/vro/wait-until-stable.ts';
import { startSimulator, type Simulator } from '../../src/simulator/index.ts';
import { createVroClient } from '../../src/veeam/index.ts';
import { commandInput, makeDeps, vroConnection } from '../activities/support.ts';
import { heldClock, type HeldClock } from '../support/held-clock.ts';
import { runbookOf, stageForTest } from '../support/stage.ts';
import { READ_DETAILS } from './canary.ts';

/** Whole runs, which the suite's one Temporal server has to carry; and watches alone, which nothing but memory limits. */
const RUNS = 40;
const WATCHES = 200;
/** It is counted for so many looks of the single watcher. */
const LOOKS_OF_ONE = 12;
/** What the looks at one plan may differ from those at another by chance. */
const CHANCE = 1.2;
const PATIENCE = { timeout: 90_000 };

/** Counts the looks at a plan from now on. */
function countLooks({ faults }: Simulator, plan: string): () => number {
  const { id } = faults.add({
    kind: 'latency',
    system: 'vro',
    call: READ_DETAILS,
    plan,
    ms: 1,
    times: 'always',
  });
  return () => faults.list().find((one) => one.id === id)?.struck ?? 0;
}

/**
 * All watch ERP while one watches CRM, on the same connection, at the same time. They are looked at equally often, the
 * server's wish to be left alone is obeyed, and when time goes on all of them end.
 */
async function watchedAsOne(simulator: Simulator, clock: HeldClock, watchers: number): Promise<void> {
  const { faults } = simulator;
  // Each watch begins with the plan's id.
  const begun = (): number => faults.requests().find(({ call }) => call === 'GET /Plans')?.requests ?? 0;
  await expect.poll(begun, PATIENCE).toBeGreaterThanOrEqual(watchers + 1);

  const [ofAll, ofOne] = [countLooks(simulator, 'ERP'), countLooks(simulator, 'CRM')];
  await expect.poll(() => Math.min(ofAll(), ofOne()), PATIENCE).toBeGreaterThan(2);
  const before = { all: ofAll(), one: ofOne() };
  await expect.poll(() => ofOne() - before.one, PATIENCE).toBeGreaterThanOrEqual(LOOKS_OF_ONE);
  const [all, one] = [ofAll() - before.all, ofOne() - before.one];
  expect(all).toBeLessThanOrEqual(one * CHANCE + 1);

  const throttle = { kind: 'throttle', system: 'vro', call: READ_DETAILS, times: 2, retryAfter: 1 } as const;
  await faults.add(throttle).arrived;
  // They go on once the time is over.
  const looked = ofAll();
  await expect.poll(ofAll, PATIENCE).toBeGreaterThan(looked + 2);
  clock.release();
}

function beginFailovers({ world }: Simulator, clock: HeldClock): void {
  clock.hold();
  for (const plan of ['ERP', 'CRM']) world.command(plan, { action: 'Failover' });
}

test('many runs that watch a plan cause the polling of one, and obey Retry-After', async () => {
  const clock = heldClock();
  const stage = await stageForTest({ clock });
  beginFailovers(stage.simulator, clock);
  const start = (plan: string): Promise<string> =>
    stage.start(runbookOf(`steps: [{ id: watch, uses: vro.waitUntilStable, with: { plan: ${plan} } }]\n`));
  const runIds = [
    await start('CRM'),
    ...(await Promise.all(Array.from({ length: RUNS }, () => start('ERP')))),
  ];
  await watchedAsOne(stage.simulator, clock, RUNS);
  const results = await Promise.all(runIds.map((runId) => stage.muster.result(runId)));
  expect(results.filter(({ outcome }) => outcome !== 'succeeded')).toEqual([]);
  expect(stage.simulator.faults.insideRetryAfter).toBe(0);
}, 180_000);

test('200 watches of a plan cause the polling of one, and obey Retry-After', async () => {
  const clock = heldClock();
  const simulator = await startSimulator({ clock });
  onTestFinished(() => simulator.close());
  const { username, password } = simulator.credentials;
  const client = createVroClient({
    connection: 'dr-site',
    url: simulator.urls.vro,
    credentials: { kind: 'password', username, password: () => password },
  });
  onTestFinished(() => client.close());
  const connection = vroConnection(client, { pollMs: 250, effectLagMs: 60_000 });
  const deps = await makeDeps({ vro: () => connection, monotonic: () => performance.now() });
  const watch = (plan: string): Promise<ActionResult> =>
    new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(
      (input: PollInput) => waitUntilStable(deps, input),
      commandInput({ with: { plan } }),
    );
  beginFailovers(simulator, clock);
  const watches = [watch('CRM'), ...Array.from({ length: WATCHES }, () => watch('ERP'))];
  await watchedAsOne(simulator, clock, WATCHES);
  const results = await Promise.all(watches);
  expect(results.filter(({ output }) => output['state'] !== 'FailoverComplete')).toEqual([]);
  expect(simulator.faults.insideRetryAfter).toBe(0);
}, 180_000);
