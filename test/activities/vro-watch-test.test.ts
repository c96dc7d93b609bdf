import type { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';
import { environmentOf, LONG_MS, siteOf, type Site } from './site.ts';

const HALF_A_TEST_MS = 60_000;
const A_DAY_MS = 24 * 3_600_000;

interface Watched extends Site {
  readonly startTest: () => void;
  /** Begins to watch ERP-CANARY as a step that began at `began` (default now), or that another worker watched before. */
  readonly watch: (info?: { began?: number; heartbeatDetails?: unknown }) => Watch;
}

interface Watch {
  readonly said: readonly string[];
  readonly result: Promise<unknown>;
  /** Waits until it has said this, as a pattern. */
  readonly hasSaid: (words: RegExp) => Promise<void>;
}

async function watched(): Promise<Watched> {
  const site = await siteOf();
  return {
    ...site,
    startTest: () => {
      site.simulator.world.startTest('ERP-CANARY');
    },
    watch: ({ began = site.world.now(), heartbeatDetails } = {}) => {
      const environment = environmentOf({ scheduledTimestampMs: began, heartbeatDetails });
      const said = heard(environment);
      const result = site.run('vro.watchTest', { plan: 'ERP-CANARY' }, { environment });
      // Whoever asks for it later gets it; until then nobody has missed a failure.
      result.catch(() => undefined);
      const hasSaid = (words: RegExp): Promise<void> =>
        expect.poll(() => said.some((one) => words.test(one)), { timeout: 20_000, interval: 2 }).toBe(true);
      return { said, result, hasSaid };
    },
  };
}

function heard(environment: MockActivityEnvironment): readonly string[] {
  const said: string[] = [];
  environment.on('heartbeat', ({ says }: { says: string }) => said.push(says));
  return said;
}

test('a test that somebody starts while the step waits is watched to its end', async () => {
  const { watch, startTest, world } = await watched();
  const { hasSaid, result } = watch();
  await hasSaid(/^Verified, no test seen yet$/);
  startTest();
  await hasSaid(/^test: Test Pending/);
  world.advance(LONG_MS);
  expect(await result).toMatchObject({ output: { result: 'Success', stateName: 'Verified', failed: [] } });
});

test('a test that runs already when the step begins counts', async () => {
  const { watch, startTest, world } = await watched();
  startTest();
  world.advance(HALF_A_TEST_MS);
  const { hasSaid, result } = watch();
  await hasSaid(/^test: Testing \d+ %$/);
  world.advance(LONG_MS);
  expect(await result).toMatchObject({ output: { result: 'Success' } });
});

test('the result of a test of last month is not that of this one', async () => {
  const { watch, startTest, world } = await watched();
  startTest();
  world.advance(30 * A_DAY_MS);
  const { hasSaid, result } = watch();
  await hasSaid(/no test seen yet/);
  startTest();
  await hasSaid(/^test: /);
  world.advance(LONG_MS);
  expect(await result).toMatchObject({ output: { result: 'Success' } });
});

test('a check that ends meanwhile does not make an old result a new one', async () => {
  const { watch, startTest, world, simulator } = await watched();
  startTest();
  world.advance(LONG_MS);
  const { hasSaid, said, result } = watch();
  await hasSaid(/no test seen yet/);
  world.advance(1_000);
  simulator.world.command('ERP-CANARY', { action: 'ReadinessCheck' });
  await hasSaid(/^Checking, no test seen yet$/);
  world.advance(LONG_MS);
  const before = said.length;
  await expect
    .poll(() => said.slice(before).filter((one) => one.startsWith('Verified')).length)
    .toBeGreaterThan(2);
  startTest();
  await hasSaid(/^test: /);
  world.advance(LONG_MS);
  expect(await result).toMatchObject({ output: { result: 'Success' } });
});

test('a test that ended while no worker could look counts', async () => {
  const { watch, startTest, world } = await watched();
  const began = world.now();
  world.advance(1_000);
  startTest();
  world.advance(LONG_MS);
  expect(await watch({ began }).result).toMatchObject({ output: { result: 'Success', polls: 1 } });
});

test('a worker that takes over believes what the other has seen', async () => {
  const { watch, startTest, world } = await watched();
  startTest();
  world.advance(LONG_MS);
  const heartbeatDetails = { path: 'step', says: 'test: Testing 10 %', percent: 10 };
  expect(await watch({ heartbeatDetails }).result).toMatchObject({ output: { result: 'Success' } });
});

test('a test with warnings ends the step with a warning', async () => {
  const { watch, startTest, world, simulator } = await watched();
  simulator.faults.add({ kind: 'endWithWarnings', plan: 'ERP-CANARY', during: 'test' });
  startTest();
  const { hasSaid, result } = watch();
  await hasSaid(/^test: /);
  world.advance(LONG_MS);
  expect(await result).toMatchObject({ outcome: 'warned', output: { result: 'Warning' } });
});

test('a test that fails says on which machine and at which step', async () => {
  const { watch, startTest, world, simulator } = await watched();
  simulator.faults.add({
    kind: 'failStep',
    plan: 'ERP-CANARY',
    vm: 'canary-web-01',
    step: 'Verify VM heartbeat',
    during: 'test',
    critical: true,
    message: 'No heartbeat',
  });
  startTest();
  const { hasSaid, result } = watch();
  await hasSaid(/^test: /);
  world.advance(LONG_MS);
  const info = '[Verify VM heartbeat] No heartbeat';
  const failed = [{ vm: 'canary-web-01', step: 'Verify VM heartbeat', info }];
  await expect(result).rejects.toMatchObject({
    type: 'vro.testFailed',
    message: expect.stringContaining(`canary-web-01, Verify VM heartbeat: ${info}`) as string,
    details: [{ result: 'Error', failed, more: 0 }],
  });
});

test('a test that somebody halts is over, and no success', async () => {
  const { watch, startTest, world, simulator } = await watched();
  startTest();
  const { hasSaid, result } = watch();
  await hasSaid(/^test: /);
  world.advance(HALF_A_TEST_MS);
  simulator.world.command('ERP-CANARY', { action: 'Halt' });
  world.advance(LONG_MS);
  await expect(result).rejects.toMatchObject({
    type: 'vro.testFailed',
    message: expect.stringMatching(/^The test of ERP-CANARY halted\./) as string,
  });
});

test('a server that is away for a while is waited for', async () => {
  const { watch, startTest, world, simulator } = await watched();
  startTest();
  const { hasSaid, result } = watch();
  await hasSaid(/^test: /);
  const fault = simulator.faults.add({ system: 'vro', call: '*', kind: 'error', times: 'always' });
  await hasSaid(/^dr-site does not answer, still trying/);
  fault.release();
  world.advance(LONG_MS);
  expect(await result).toMatchObject({ output: { result: 'Success' } });
});
