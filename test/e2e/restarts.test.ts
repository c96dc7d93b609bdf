import { describe, test } from 'vitest';
import { demoScenario, entriesFor, startSimulator } from '../../src/simulator/index.ts';
import { heldClock } from '../support/held-clock.ts';
import { ownTemporal } from '../support/own-temporal.ts';
import { approve, decide, openStage, stepOf } from '../support/stage.ts';
import { canary, FAILOVER, failovers, isWatching } from './canary.ts';

const SLOW = { timeout: 120_000 };

// One after the other: each Temporal server takes several ports that it looks for itself.
describe('a run outlives', SLOW, () => {
  test('a restart of the worker and of Temporal while its approval is awaited', async (context) => {
    const { expect, onTestFinished } = context;
    const temporal = await ownTemporal(context);
    const stage = await openStage({ address: temporal.address, worker: false });
    onTestFinished(() => stage.close());
    const worker = await stage.startWorker();
    const runId = await stage.start('production-failover', {
      mode: 'live',
      purpose: 'incident',
      inputs: { plan: 'ERP', url: `${stage.simulator.urls.app}/apps/ERP/health` },
    });
    const { gate } = await stage.gate(runId, 'go');
    await worker.stop();
    await temporal.stop();
    await temporal.start();
    await stage.startWorker();
    await approve(stage, runId, 'go', 'boris', 'dieter');
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(stepOf(view, 'go').gate?.nonce).toBe(gate?.nonce);
    expect(stage.simulator.journal.map(({ call, target }) => `${call} ${target}`)).toEqual([
      'POST /Plans/{planId}/ReadinessCheck ERP',
      'POST /Plans/{planId}/Failover ERP',
    ]);
  });

  test('a Temporal server that is killed while a failover is watched', async (context) => {
    const { expect, onTestFinished } = context;
    const temporal = await ownTemporal(context);
    const clock = heldClock();
    const stage = await openStage({ address: temporal.address, clock });
    onTestFinished(() => stage.close());
    clock.hold();
    const runId = await stage.start(canary());
    await stage.until(runId, isWatching);
    await temporal.kill();
    clock.release();
    await stage.simulator.settled('ERP-CANARY');
    await temporal.start();
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(failovers(stage)).toBe(1);
  });

  test('a Veeam server that cannot be reached, by a question to people', async (context) => {
    const { expect, onTestFinished } = context;
    const stage = await openStage();
    onTestFinished(() => stage.close());
    const { urls, credentials: user } = stage.simulator;
    await stage.simulator.close();
    const runId = await stage.start(canary());
    const step = await stage.gate(runId, 'failover');
    expect(step.failure?.code).toBe('veeam.unreachable');
    const portOf = (url: string): number => Number(new URL(url).port);
    const ports = { vro: portOf(urls.vro), vbr: portOf(urls.vbr) };
    const back = await startSimulator({ ports, timeScale: 600, scenario: { ...demoScenario, user } });
    onTestFinished(() => back.close());
    await decide(stage, runId, 'failover', 'retry');
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(entriesFor(back.journal, { call: FAILOVER })).toHaveLength(1);
  });
});
