import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect, onTestFinished, test } from 'vitest';
import { createPlanPoller } from '../../activities/index.ts';
import type { ActionResult } from '../../activities/contract.ts';
import { waitUntilStable } from '../../activities/vro/wait-until-stable.ts';
import { startSimulator, virtualClock } from '../../src/simulator/index.ts';
import { createVroClient } from '../../src/veeam/index.ts';
import { commandInput, makeDeps, vroConnection } from './support.ts';

const POLL_MS = 20;
const PLAN_LOOKS = 'GET /RuntimeDetails/Plans/{planId}';

/** Watchers of ERP-CANARY, which fails over and comes to rest when `finish` is called. */
async function watchers(count: number) {
  const world = virtualClock();
  const simulator = await startSimulator({ clock: world });
  onTestFinished(() => simulator.close());
  const { username, password } = simulator.credentials;
  const client = createVroClient({
    connection: 'dr-site',
    url: simulator.urls.vro,
    credentials: { kind: 'password', username, password: () => password },
  });
  onTestFinished(() => client.close());
  const connection = vroConnection(client, { pollMs: POLL_MS, effectLagMs: 60_000 });
  const deps = await makeDeps({ vro: () => connection, monotonic: () => performance.now() });
  simulator.world.command('ERP-CANARY', { action: 'Failover' });
  const begun = performance.now();
  const runs = Array.from({ length: count }, async (): Promise<ActionResult> => {
    const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    return environment.run(
      (given: ReturnType<typeof commandInput>) => waitUntilStable(deps, given),
      commandInput(),
    );
  });
  const looks = (): number =>
    simulator.faults.requests().find(({ call }) => call === PLAN_LOOKS)?.requests ?? 0;
  return {
    runs,
    looks,
    connection,
    simulator,
    finish: () => world.advance(3_600_000),
    /** How often one watcher could have looked since the beginning. */
    looksOfOne: () => (performance.now() - begun) / POLL_MS + 2,
  };
}

test('200 watchers of a plan cause the looks of one', async () => {
  const { runs, looks, looksOfOne, finish } = await watchers(200);
  await expect.poll(looks, { timeout: 30_000 }).toBeGreaterThan(20);
  finish();
  const results = await Promise.all(runs);
  expect(results.every(({ output }) => output['state'] === 'FailoverComplete')).toBe(true);
  expect(looks()).toBeLessThanOrEqual(looksOfOne());
});

test('nobody looks at a plan any more when all have what they wait for', async () => {
  const { runs, looks, finish } = await watchers(3);
  finish();
  await Promise.all(runs);
  const after = looks();
  // Ten times the pause after which a poller that was not asked is over.
  await new Promise((resolve) => setTimeout(resolve, POLL_MS * 20));
  expect(looks()).toBe(after);
});

test('a watcher that is cancelled leaves the others watching', async () => {
  const { runs, connection, simulator, finish } = await watchers(1);
  const { id } = simulator.world.plan('ERP-CANARY').spec;
  const cancelled = new AbortController();
  const gone = connection.poller.next(connection, id, cancelled.signal);
  cancelled.abort(new Error('cancelled'));
  await expect(gone).rejects.toThrow('cancelled');
  finish();
  const [result] = await Promise.all(runs);
  expect(result?.output).toMatchObject({ state: 'FailoverComplete' });
});

test('a look that fails is told to all who asked for it', async () => {
  const poller = createPlanPoller();
  const refused = new Error('refused');
  const client = { plan: async () => Promise.reject(refused), runtimeDetails: { plan: async () => ({}) } };
  const connection = vroConnection(client as never, { pollMs: 1, effectLagMs: 1 });
  const { signal } = new AbortController();
  const looks = await Promise.all([
    poller.next(connection, 'p-1', signal),
    poller.next(connection, 'p-1', signal),
  ]);
  expect(looks).toEqual([{ error: refused }, { error: refused }]);
});
