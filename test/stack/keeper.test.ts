import { generateKeyPairSync } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { pino, type Logger } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Control } from '../../src/control/index.ts';
import { signerKey } from '../../src/ledger/index.ts';
import { every } from '../../src/stack/every.ts';
import { startKeeper, type Keeper } from '../../src/stack/keeper.ts';
import type { Stores } from '../../src/store/index.ts';
import { fakeControl } from '../client/fake-control.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { storesOver } from '../store/support.ts';

const DAY_MS = 86_400_000;
/** What each loop asks first. */
const LOOPS = [
  'votes.waiting',
  'runs.open',
  'ledger.head',
  'schedules.list',
  'runs.toSumUp',
  'audits.due',
  'secrets.purge',
  'retention.plan',
];

const silent = pino({ level: 'silent' });

/** Counts calls by name, and lets the first of each name fail. */
class FirstFails {
  readonly calls = new Map<string, number>();

  over<T extends object>(what: string, parts: T): T {
    return new Proxy(parts, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]): Promise<unknown> => {
          const call = `${what}.${String(name)}`;
          const times = (this.calls.get(call) ?? 0) + 1;
          this.calls.set(call, times);
          if (times === 1) throw new Error('away');
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
  }

  get times(): number {
    return [...this.calls.values()].reduce((sum, times) => sum + times, 0);
  }
}

function keeperOver(
  stores: Stores,
  { control = fakeControl(), ...more }: { control?: Control; pause?: () => Promise<void> } = {},
): Keeper {
  const key = signerKey('test/ledger', 'ed25519', generateKeyPairSync('ed25519').privateKey);
  const keeper = startKeeper({
    control,
    stores,
    sealing: { store: stores.ledger, origin: 'test/ledger', key, witnesses: [], now: Date.now },
    logger: silent,
    retention: { runs: DAY_MS, drills: 0, automatic: true },
    ...more,
  });
  onTestFinished(() => keeper.stop());
  return keeper;
}

/** A keeper of whose parts each fails once, and which does not pause. */
async function stumbling(): Promise<{ keeper: Keeper; parts: FirstFails }> {
  const parts = new FirstFails();
  const stores = await storesOver(await databaseUrlForTest());
  const { votes, runs, ledger, findings, audits, secrets, retention } = stores;
  const named = { votes, runs, ledger, findings, audits, secrets, retention };
  const failing = Object.fromEntries(
    Object.entries(named).map(([name, store]) => [name, parts.over(name, store)]),
  ) as typeof named;
  const control = fakeControl();
  const keeper = keeperOver(
    { ...stores, ...failing },
    {
      control: { ...control, schedules: parts.over('schedules', control.schedules) },
      pause: () => turn(),
    },
  );
  return { keeper, parts };
}

describe('the keeper', () => {
  test('goes on with each thing that it does after that has failed', async () => {
    const { parts } = await stumbling();
    const again = (): string[] => LOOPS.filter((call) => (parts.calls.get(call) ?? 0) > 1);
    await expect.poll(again, { timeout: 20_000 }).toEqual(LOOPS);
  });

  test('does nothing any more once it is stopped', async () => {
    const { keeper, parts } = await stumbling();
    await vi.waitUntil(() => parts.times > LOOPS.length);
    await keeper.stop();
    const done = parts.times;
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(parts.times).toBe(done);
  });

  test('ends its pauses when it is stopped, and waits for what it is doing', async () => {
    const stores = await storesOver(await databaseUrlForTest());
    let release: (purged: number) => void = () => undefined;
    const purge = vi.fn(() => new Promise<number>((resolve) => (release = resolve)));
    const keeper = keeperOver({ ...stores, secrets: { ...stores.secrets, purge } });
    await vi.waitUntil(() => purge.mock.calls.length > 0);
    const order: string[] = [];
    const stopped = keeper.stop().then(() => order.push('stopped'));
    for (let turns = 0; turns < 20; turns += 1) await turn();
    order.push('released');
    release(0);
    await stopped;
    expect(order).toEqual(['released', 'stopped']);
  });
});

describe('what is done again and again', () => {
  /** Does a chore that ends like this each time, one after the other, and answers what was logged. */
  async function logged(...ends: (string | undefined)[]): Promise<string[]> {
    const lines: string[] = [];
    const logger: Logger = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    const stopping = new AbortController();
    const left = [...ends];
    const work = async (): Promise<void> => {
      const end = left.shift();
      if (left.length === 0) stopping.abort();
      if (end !== undefined) throw new Error(end);
    };
    await every({ everyMs: DAY_MS, work }, { signal: stopping.signal, logger, pause: () => turn() });
    return lines.map((line) => (JSON.parse(line) as { err: { message: string } }).err.message);
  }

  test('tells a failure once, and again when it is another', async () => {
    expect(await logged('a', 'a', 'b', 'a')).toEqual(['a', 'b', 'a']);
  });

  test('tells the same failure again when it had worked meanwhile', async () => {
    expect(await logged('a', undefined, 'a')).toEqual(['a', 'a']);
  });
});
