import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../src/simulator/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { logIn, send, site, vroClient } from './support.ts';

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const sim = await startSimulator(options);
  onTestFinished(() => sim.close());
  return sim;
}

const portOf = (url: string): number => Number(new URL(url).port);

test('simulated time runs as fast as it is told to', async () => {
  const sim = await start({ timeScale: 100_000 });
  const client = await vroClient(sim);
  await client.call('POST', `/Plans/${sim.world.plan('ERP').spec.id}/Failover`);
  await sim.settled('ERP');
  expect(sim.world.plan('ERP').situation.stable).toBe('FailoverComplete');
});

test('waiting for a plan that does not settle ends', async () => {
  const { sim, ask } = await site();
  await ask('ERP', 'Failover');
  await expect(sim.settled('ERP', { withinMs: 10 })).rejects.toMatchObject({ code: 'NOT_SETTLED' });
});

test('two clients see one world', async () => {
  const { sim, ask, idOf } = await site();
  const other = await vroClient(sim);
  await ask('ERP', 'Disable');
  expect((await other.call('GET', `/Plans/${idOf('ERP')}`)).json['planMode']).toBe('Disabled');
});

test('two simulators are two worlds', async () => {
  const [one, other] = await Promise.all([site(), site()]);
  await one.ask('ERP', 'Failover');
  expect(other.sim.world.plan('ERP').situation.active).toBe(false);
});

test('a taken port is an error', async () => {
  const { urls } = await start();
  await expect(start({ ports: { vbr: portOf(urls.vbr) } })).rejects.toMatchObject({ code: 'PORT_TAKEN' });
});

test('with the fallback a taken port gives way', async () => {
  const { urls } = await start();
  const other = await start({ ports: { vro: portOf(urls.vro) }, fallback: true });
  expect(other.urls.vro).not.toBe(urls.vro);
});

test('the ports are free again after closing', async () => {
  const first = await startSimulator();
  await send(`${first.urls.vro}/api/v7.21/Plans`, 'GET');
  await first.close();
  const again = await start({ ports: { vro: portOf(first.urls.vro) } });
  expect(again.urls.vro).toBe(first.urls.vro);
});

test('closing does not wait for held requests', async () => {
  const sim = await startSimulator();
  const hold = sim.faults.add({ system: 'vro', call: 'POST /api/token', kind: 'hold' });
  const slow = sim.faults.add({ system: 'vro', call: 'POST /api/token', kind: 'latency', ms: 60_000 });
  const asked = logIn(sim).catch(() => 'cut off');
  await Promise.all([hold.arrived, slow.arrived]);
  const started = performance.now();
  await sim.close();
  await asked;
  expect(performance.now() - started).toBeLessThan(1000);
});

test('a process that closes its simulator ends by itself', async () => {
  const code = `
    import { startSimulator } from './src/simulator/index.ts';
    const sim = await startSimulator();
    await (await fetch(sim.urls.app + '/apps/always/health')).text();
    await sim.close();
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    stdio: 'ignore',
  });
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  expect(exitCode).toBe(0);
});
