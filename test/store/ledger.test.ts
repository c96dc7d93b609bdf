import { describe, expect, it } from 'vitest';
import { leafHash, rootOf } from '../../src/merkle/index.ts';
import type { LedgerEntry } from '../../src/model/ledger-entry.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { statement } from '../support/postgres.ts';
import { storesOver } from './support.ts';

const lifted = (id: string, more: Partial<LedgerEntry> = {}): LedgerEntry =>
  ({
    v: 1,
    kind: 'freeze.lifted',
    key: `freeze/${id}/lifted`,
    at: 1_000,
    id,
    actor: 'anna',
    ...more,
  }) as LedgerEntry;

const INTENT = {
  run: 'execution',
  path: 'failover',
  attempt: 1,
  action: 'vro.runPlan',
  connection: 'dr-site',
  target: 'dr-site/plan/1',
  baseline: { state: 'ready' },
  requestDigest: 'a'.repeat(64),
  sendBefore: 9_000,
};

async function newLedger() {
  const url = await databaseUrlForTest();
  const stores = await storesOver(url);
  const kinds = async (): Promise<unknown[]> =>
    (await stores.ledger.page(0, 1_000)).map(({ text }) => (JSON.parse(text) as LedgerEntry).kind);
  return { url, stores, ledger: stores.ledger, kinds };
}

describe('what is entered', () => {
  it('has positions without gaps, however many write at once', async () => {
    const { url, ledger } = await newLedger();
    const other = (await storesOver(url)).ledger;
    await Promise.all(
      Array.from({ length: 40 }, (_, number) =>
        (number % 2 === 0 ? ledger : other).append([lifted(`${number}`)]),
      ),
    );
    expect((await ledger.page(0, 100)).map(({ position }) => position)).toEqual([...Array(40).keys()]);
  });

  it('is there once, and stays as it was told first', async () => {
    const { ledger } = await newLedger();
    await ledger.append([lifted('a'), lifted('a', { at: 2_000 })]);
    await ledger.append([lifted('a', { at: 3_000 }), lifted('b')]);
    expect((await ledger.page(0, 9)).map(({ text }) => (JSON.parse(text) as LedgerEntry).at)).toEqual([
      1_000, 1_000,
    ]);
  });

  it('has the root of the tree over its texts', async () => {
    const { ledger } = await newLedger();
    for (let number = 0; number < 13; number += 1) await ledger.append([lifted(`${number}`)]);
    const { size, root } = await ledger.head();
    const texts = (await ledger.page(0, 100)).map(({ text }) => text);
    expect(Buffer.from(root).toString('hex')).toBe(Buffer.from(rootOf(texts.map(leafHash))).toString('hex'));
    expect(await ledger.leafHashes(size)).toEqual(texts.map(leafHash));
  });

  it.each([
    ["UPDATE ledger SET entry = '{}'"],
    ['DELETE FROM ledger'],
    ['TRUNCATE ledger'],
    ['DELETE FROM checkpoints'],
  ])('cannot be changed: %s', async (sql) => {
    const { url, ledger } = await newLedger();
    await ledger.append([lifted('a')]);
    await expect(statement(url, sql)).rejects.toThrow('only ever added to');
  });
});

describe('a command', () => {
  it('is entered with its intent and with what became of it', async () => {
    const { stores, kinds } = await newLedger();
    const intent = await stores.intents.begin(INTENT);
    await stores.intents.finish(intent, { how: 'done', at: 2_000 });
    await stores.intents.finish(intent, { how: 'done', at: 3_000 });
    expect(await kinds()).toEqual(['intent', 'effect']);
  });

  it('is not even intended when it cannot be entered', async () => {
    const { url, stores } = await newLedger();
    await stores.ledger.head();
    await statement(url, 'ALTER TABLE ledger ADD CONSTRAINT full_disk CHECK (position < 0)');
    await expect(stores.intents.begin(INTENT)).rejects.toThrow('full_disk');
    expect(await stores.intents.latest(INTENT)).toBeUndefined();
  });
});

it('what belongs to a run is found by it', async () => {
  const { stores, ledger } = await newLedger();
  await ledger.append([lifted('a')]);
  await stores.intents.begin(INTENT);
  await ledger.append([lifted('b')]);
  expect((await ledger.ofRun('execution')).map(({ position }) => position)).toEqual([1]);
});

it('the newest checkpoint is found, and the first that holds an entry', async () => {
  const { ledger } = await newLedger();
  for (const size of [3, 8, 5]) await ledger.keepCheckpoint({ size, note: `of ${size}`, signedAt: size });
  expect((await ledger.checkpoint())?.size).toBe(8);
  expect((await ledger.checkpoint(4))?.size).toBe(5);
});

it('checkpoints are read a page at a time, the smallest first', async () => {
  const { ledger } = await newLedger();
  for (const size of [3, 8, 5, 9]) await ledger.keepCheckpoint({ size, note: `of ${size}`, signedAt: size });
  expect((await ledger.checkpointPage(3, 2)).map(({ size }) => size)).toEqual([5, 8]);
  expect((await ledger.checkpointPage(-1, 1)).map(({ size }) => size)).toEqual([3]);
});
