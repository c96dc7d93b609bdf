import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect, onTestFinished, test } from 'vitest';
import type { ActionResult, PollInput } from '../../activities/contract.ts';
import { waitUntilStable } from '../../activities/vro/wait-until-stable.ts';
import type { CommandDone } from '../../src/model/run.ts';
import {
  startSimulator,
  virtualClock,
  type Simulator,
  type VirtualClock,
} from '../../src/simulator/index.ts';
import { createVroClient, type VroClient } from '../../src/veeam/index.ts';
import { commandInput, handClock, makeDeps, vroConnection, type HandClock } from './support.ts';

const LONG_MS = 3_600_000;
const EFFECT_LAG_MS = 1_000;

interface Watched {
  readonly simulator: Simulator;
  readonly world: VirtualClock;
  readonly client: VroClient;
  readonly planId: string;
  /** The clock of the watching worker. */
  readonly clock: HandClock;
  /** What the watch has said so far. */
  readonly said: readonly string[];
  /** Watches ERP-CANARY after the command that was sent; rejects as the activity does. */
  readonly watch: (sent?: CommandDone) => Promise<ActionResult>;
  /** Waits until the watch has looked `times` times more. */
  readonly looked: (times: number) => Promise<void>;
}

async function watched(
  changeClient: (client: VroClient) => VroClient = (client) => client,
): Promise<Watched> {
  const world = virtualClock();
  const simulator = await startSimulator({ clock: world });
  onTestFinished(() => simulator.close());
  const { username, password } = simulator.credentials;
  const client = createVroClient({
    connection: 'dr-site',
    url: simulator.urls.vro,
    apiVersion: 'v7.21',
    credentials: { kind: 'password', username, password: () => password },
  });
  onTestFinished(() => client.close());
  const clock = handClock();
  const connection = vroConnection(changeClient(client), { pollMs: 2, effectLagMs: EFFECT_LAG_MS });
  const deps = await makeDeps({ vro: () => connection }, clock);
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  onTestFinished(() => environment.cancel());
  const said: string[] = [];
  let looks = 0;
  environment.on('heartbeat', ({ says }: { says: string }) => {
    if (says !== '') said.push(says);
    looks += 1;
  });
  return {
    simulator,
    world,
    client,
    planId: simulator.world.plan('ERP-CANARY').spec.id,
    clock,
    said,
    watch: (sent) => {
      const poll: PollInput = { ...commandInput(), ...(sent === undefined ? {} : { command: sent }) };
      return environment.run((given: PollInput) => waitUntilStable(deps, given), poll);
    },
    looked: (times) => {
      const wanted = looks + times;
      return expect.poll(() => looks, { timeout: 10_000, interval: 2 }).toBeGreaterThanOrEqual(wanted);
    },
  };
}

function command(baseline: CommandDone['baseline'], action = 'vro.failover'): CommandDone {
  return { action, how: 'done', target: 'dr-site/plan/x', baseline };
}

const FRESH = { position: 'default', state: 'Ready', mode: 'Enabled', startTime: null, finishTime: null };
/** More than the watch is patient for. */
const TOO_LONG_MS = 11 * EFFECT_LAG_MS;

test('a failover is watched to its end', async () => {
  const { client, planId, watch, looked, world, said } = await watched();
  await client.failover(planId, {});
  const watching = watch(command(FRESH));
  await looked(3);
  world.advance(LONG_MS);
  expect(await watching).toMatchObject({
    outcome: 'succeeded',
    output: { state: 'FailoverComplete', result: 'Success', counts: { groups: 2, vms: 3, errors: 0 } },
  });
  expect(said[0]).toBe('Failover 0 %');
});

/** A client to which VRO calls the result of every plan so. */
const resulting =
  (currentRunResult: string) =>
  (client: VroClient): VroClient => ({
    ...client,
    runtimeDetails: {
      ...client.runtimeDetails,
      plan: async (id, options) => ({ ...(await client.runtimeDetails.plan(id, options)), currentRunResult }),
    },
  });

test('a result that nobody knows is no success, and is shown', async () => {
  const { client, planId, watch, world } = await watched(resulting('Splendid'));
  await client.failover(planId, {});
  world.advance(LONG_MS);
  expect(await watch(command(FRESH))).toMatchObject({
    outcome: 'warned',
    output: { result: 'Splendid' },
    note: expect.stringContaining('"Splendid"') as string,
  });
});

test.each(['Error', 'Failed'])('the result %s is a failure of the plan', async (result) => {
  const { client, planId, watch, world } = await watched(resulting(result));
  await client.failover(planId, {});
  world.advance(LONG_MS);
  await expect(watch(command(FRESH))).rejects.toMatchObject({ code: 'vro.planFailed' });
});

test('one stable read alone is not believed', async () => {
  const { client, planId, watch, world } = await watched();
  await client.failover(planId, {});
  world.advance(LONG_MS);
  expect((await watch(command(FRESH))).output['polls']).toBe(2);
});

test('a plan that has not begun to move is not done', async () => {
  const { client, planId, watch, looked, world } = await watched();
  const watching = watch(command(FRESH));
  await looked(4);
  await client.failover(planId, {});
  world.advance(LONG_MS);
  expect(await watching).toMatchObject({ output: { state: 'FailoverComplete' } });
});

test('a command of which nothing can be seen for long is a question for people', async () => {
  const { watch, looked, clock } = await watched();
  const watching = watch(command(FRESH));
  const failed = expect(watching).rejects.toMatchObject({
    code: 'vro.unknownState',
    message: expect.stringContaining('no sign of vro.failover') as string,
  });
  await looked(2);
  clock.advance(TOO_LONG_MS);
  await failed;
});

test.each([{ rewound: false }, { rewound: true }])(
  'details that a reboot lost are not the end: %o',
  async (how) => {
    const { client, planId, simulator, watch, looked, world, clock } = await watched();
    await client.failover(planId, {});
    const watching = watch(command(FRESH));
    await looked(2);
    simulator.reboot(how);
    clock.advance(TOO_LONG_MS);
    await looked(3);
    clock.advance(TOO_LONG_MS);
    await looked(3);
    world.advance(LONG_MS);
    expect(await watching).toMatchObject({ output: { state: 'FailoverComplete', startedAt: null } });
  },
);

test('patience begins again after a sign, however late that was', async () => {
  const { client, planId, watch, looked, world, clock, simulator } = await watched();
  await client.failover(planId, {});
  const watching = watch(command(FRESH));
  await looked(2);
  clock.advance(TOO_LONG_MS);
  await looked(2);
  // The plan seems to be where it was: a silence of which this is the first moment.
  const fault = simulator.faults.add({ system: 'vro', call: '*', kind: 'error', times: 'always' });
  clock.advance(TOO_LONG_MS);
  await looked(1);
  fault.release();
  world.advance(LONG_MS);
  expect(await watching).toMatchObject({ outcome: 'succeeded' });
});

test('a plan that halts ends the watch with the words of the failed machine', async () => {
  const { client, planId, simulator, watch, looked, world } = await watched();
  simulator.faults.add({
    kind: 'failStep',
    plan: 'ERP-CANARY',
    vm: 'canary-db-01',
    critical: true,
    message: 'No datastore has room',
  });
  await client.failover(planId, {});
  const watching = watch(command(FRESH));
  const failed = expect(watching).rejects.toMatchObject({
    code: 'vro.planHalted',
    details: { failed: [{ vm: 'canary-db-01', info: expect.stringContaining('No datastore') as string }] },
  });
  await looked(2);
  world.advance(LONG_MS);
  await failed;
});

test('a plan that goes on and halts again between two looks is halted', async () => {
  const { client, planId, simulator, watch, looked, world, clock } = await watched();
  simulator.faults.add({
    kind: 'failStep',
    plan: 'ERP-CANARY',
    vm: 'canary-db-01',
    critical: true,
    failures: 2,
  });
  await client.failover(planId, {});
  world.advance(LONG_MS);
  const { executionResult, planMode } = await client.runtimeDetails.plan(planId);
  const baseline = {
    position: 'halted',
    state: 'Halted',
    mode: planMode ?? '',
    startTime: executionResult?.startTime ?? null,
    finishTime: executionResult?.finishTime ?? null,
  };
  await client.continuePlan(planId, { executionContinueOptions: 'RetryFailedStep' });
  world.advance(LONG_MS);
  const failed = expect(watch(command(baseline, 'vro.continue'))).rejects.toMatchObject({
    code: 'vro.planHalted',
  });
  await looked(2);
  clock.advance(TOO_LONG_MS);
  await failed;
});

test('a plan that somebody undid meanwhile is not taken for a success', async () => {
  const { client, planId, watch, world } = await watched();
  await client.failover(planId, {});
  world.advance(LONG_MS);
  await client.undo(planId);
  world.advance(LONG_MS);
  await expect(watch(command(FRESH))).rejects.toMatchObject({
    code: 'vro.planFailed',
    message: expect.stringContaining('Undo Failover') as string,
  });
});

/** A client whose server names the states of a resting plan as no version known to us does. */
function withUnknownState(client: VroClient): VroClient {
  return {
    ...client,
    runtimeDetails: {
      ...client.runtimeDetails,
      plan: async (id, options) => {
        const details = await client.runtimeDetails.plan(id, options);
        return details.isStableState ? { ...details, state: 'Levitating', stateName: 'Levitating' } : details;
      },
    },
  };
}

test('a state that nobody knows is never the end, and after a while a question', async () => {
  const { client, planId, watch, looked, world, clock } = await watched(withUnknownState);
  await client.failover(planId, {});
  const failed = expect(watch(command(FRESH))).rejects.toMatchObject({
    code: 'vro.unknownState',
    details: { state: 'Levitating', position: 'unknown' },
  });
  await looked(2);
  world.advance(LONG_MS);
  await looked(5);
  clock.advance(TOO_LONG_MS);
  await failed;
});

test('a server that does not answer is waited for', async () => {
  const { client, planId, simulator, watch, looked, world, said } = await watched();
  await client.failover(planId, {});
  const fault = simulator.faults.add({
    system: 'vro',
    call: 'GET /Plans/{planId}',
    kind: 'drop',
    times: 'always',
  });
  const watching = watch(command(FRESH));
  await looked(2);
  fault.release();
  world.advance(LONG_MS);
  expect(await watching).toMatchObject({ outcome: 'succeeded' });
  expect(said.some((says) => says.startsWith('dr-site does not answer, still trying'))).toBe(true);
});

test('a watch without a command waits until nothing runs', async () => {
  const { client, planId, watch, looked, world } = await watched();
  await client.failover(planId, {});
  const watching = watch();
  await looked(2);
  world.advance(LONG_MS);
  expect(await watching).toMatchObject({ output: { state: 'FailoverComplete' } });
});
