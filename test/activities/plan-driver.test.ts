import { expect, onTestFinished, test } from 'vitest';
import type { CommandDriver } from '../../activities/effects/driver.ts';
import { performCommand } from '../../activities/effects/perform.ts';
import { planDriver, type PlanCommand } from '../../activities/vro/plan-driver.ts';
import { startSimulator, virtualClock, type Simulator } from '../../src/simulator/index.ts';
import { createVroClient, type VroClient } from '../../src/veeam/index.ts';
import { commandInput, makeConduct, makeDeps, RUN, vroConnection } from './support.ts';

const LIVE = { ...RUN, mode: 'live' } as const;
const LONG_MS = 3_600_000;

async function site(changeClient: (client: VroClient) => VroClient = (client) => client): Promise<{
  simulator: Simulator;
  /** Lets every operation that runs come to its end. */
  finish: () => void;
  driverOf: (name: PlanCommand, changes?: Parameters<typeof commandInput>[0]) => CommandDriver;
}> {
  const clock = virtualClock();
  const simulator = await startSimulator({ clock });
  onTestFinished(() => simulator.close());
  const { username, password } = simulator.credentials;
  const client = createVroClient({
    connection: 'dr-site',
    url: simulator.urls.vro,
    apiVersion: 'v7.21',
    credentials: { kind: 'password', username, password: () => password },
  });
  onTestFinished(() => client.close());
  const connection = vroConnection(changeClient(client), { pollMs: 1, effectLagMs: 1 });
  return {
    simulator,
    finish: () => {
      clock.advance(LONG_MS);
    },
    driverOf: (name, changes) => planDriver(connection, name, commandInput({ action: name, ...changes })),
  };
}

test('a plan that is already over there is no work in a live run, and not ours in a drill', async () => {
  const { simulator, finish, driverOf } = await site();
  simulator.world.command('ERP-CANARY', { action: 'Failover' });
  finish();
  expect(await driverOf('vro.failover', { run: LIVE }).observe()).toMatchObject({ satisfied: {} });
  expect(await driverOf('vro.failover').observe()).toMatchObject({ illegal: { code: 'vro.illegalState' } });
});

test('a plan that is disabled cannot be failed over', async () => {
  const { driverOf } = await site();
  const { illegal } = await driverOf('vro.failover', { with: { plan: 'DISABLED-PLAN' } }).observe();
  expect(illegal?.message).toContain('it must be enabled');
});

test('a failover that runs since the baseline is ours', async () => {
  const { simulator, driverOf } = await site();
  const driver = driverOf('vro.failover');
  const { baseline } = await driver.observe();
  expect(await driver.look(baseline)).toEqual({ saw: 'nothing' });
  simulator.world.command('ERP-CANARY', { action: 'Failover' });
  expect(await driver.look(baseline)).toEqual({ saw: 'happened' });
});

test('a check that runs since the baseline is no failover', async () => {
  const { simulator, driverOf } = await site();
  const driver = driverOf('vro.failover');
  const { baseline } = await driver.observe();
  simulator.world.command('ERP-CANARY', { action: 'ReadinessCheck' });
  expect(await driver.look(baseline)).toMatchObject({ saw: 'strange' });
});

test('an acceptance that says no is unclear', async () => {
  const { driverOf } = await site((client) => ({
    ...client,
    failover: async (_id, _body, options) => {
      await options?.beforeSend?.();
      return { status: 200, success: false };
    },
  }));
  const policy = { drillAllow: ['dr-site/plan/ERP-CANARY'], unattended: [] };
  const deps = await makeDeps({ policy, now: Date.now });
  await expect(
    performCommand(deps, commandInput(), driverOf('vro.failover'), makeConduct()),
  ).rejects.toMatchObject({
    code: 'effect.unclear',
    message: expect.stringContaining('"success": false') as string,
  });
});
