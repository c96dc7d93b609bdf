import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { environmentOf, siteOf, type Site } from './site.ts';

const MINUTE_MS = 60_000;
/** What a collection takes in the simulator. */
const COLLECTING_MS = 2_000;

interface Waiting extends Site {
  /** Begins to wait for fresh data. */
  readonly wait: (
    given?: JsonObject,
    heartbeatDetails?: unknown,
  ) => {
    readonly result: Promise<unknown>;
    readonly hasSaid: (words: RegExp) => Promise<void>;
  };
}

async function waiting(): Promise<Waiting> {
  const site = await siteOf({
    scenario: { name: 'hourly', vro: { plans: [] }, one: { collection: { everyMinutes: 60 } } },
  });
  return {
    ...site,
    wait: (given = {}, heartbeatDetails?: unknown) => {
      const environment = environmentOf({ scheduledTimestampMs: site.world.now(), heartbeatDetails });
      const said: string[] = [];
      environment.on('heartbeat', ({ says }: { says: string }) => said.push(says));
      const result = site.run('one.waitForFreshData', given, { environment });
      result.catch(() => undefined);
      return {
        result,
        hasSaid: (words) =>
          expect.poll(() => said.some((one) => words.test(one)), { timeout: 20_000, interval: 2 }).toBe(true),
      };
    },
  };
}

test('the next collection is waited for, and not the last one taken', async () => {
  const { wait, world } = await waiting();
  const { hasSaid, result } = wait();
  await hasSaid(/^data of 2026-01-15T06:00:00/);
  world.advance(60 * MINUTE_MS + COLLECTING_MS);
  expect(await result).toMatchObject({
    output: { collectedAt: expect.stringMatching(/^2026-01-15T07:00/) as string },
  });
});

test('data that is young enough is not waited for', async () => {
  const { wait, world } = await waiting();
  world.advance(20 * MINUTE_MS);
  expect(await wait({ maxAge: '30m' }).result).toMatchObject({ output: { polls: 1 } });
});

test('data that is too old is waited for', async () => {
  const { wait, world } = await waiting();
  world.advance(20 * MINUTE_MS);
  const { hasSaid, result } = wait({ maxAge: '10m' });
  await hasSaid(/^data of 2026-01-15T06:00:00/);
  world.advance(40 * MINUTE_MS + COLLECTING_MS);
  expect(await result).toMatchObject({
    output: { collectedAt: expect.stringMatching(/^2026-01-15T07:00/) as string },
  });
});

test('a worker that takes over goes on from what the other saw', async () => {
  const { wait, world } = await waiting();
  world.advance(60 * MINUTE_MS + COLLECTING_MS);
  const heartbeat = { path: 'fresh', says: 'data of 2026-01-15T06:00:00.000Z' };
  expect(await wait({}, heartbeat).result).toMatchObject({ output: { polls: 1 } });
});

test('a collection that runs is not taken for one that has ended', async () => {
  const { wait, world } = await waiting();
  const { hasSaid, result } = wait();
  await hasSaid(/^data of /);
  world.advance(60 * MINUTE_MS + COLLECTING_MS / 2);
  await hasSaid(/^no complete collection yet$/);
  world.advance(COLLECTING_MS);
  expect(await result).toMatchObject({
    output: { collectedAt: expect.stringMatching(/^2026-01-15T07:00/) as string },
  });
});

test('a server that is away is waited for', async () => {
  const { wait, world, simulator } = await waiting();
  const { hasSaid, result } = wait();
  await hasSaid(/^data of /);
  const fault = simulator.faults.add({ system: 'one', call: '*', kind: 'error', times: 'always' });
  await hasSaid(/^hq does not answer, still trying/);
  fault.release();
  world.advance(60 * MINUTE_MS + COLLECTING_MS);
  expect(await result).toMatchObject({ output: {} });
});
