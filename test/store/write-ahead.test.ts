import { appendFile, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LedgerEntry } from '../../src/model/ledger-entry.ts';
import { openDatabase, openWriteAhead, type NewIntent, type WriteAhead } from '../../src/store/index.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { statement } from '../support/postgres.ts';
import { storesOver } from './support.ts';

const INTENT: NewIntent = {
  run: 'execution',
  path: 'failover',
  attempt: 1,
  action: 'vro.failover',
  connection: 'dr-site',
  target: 'dr-site/plan/1',
  baseline: { state: 'ready' },
  requestDigest: 'a'.repeat(64),
  sendBefore: 9_000,
};

const ended = (run: string): LedgerEntry => ({
  v: 1,
  kind: 'run.ended',
  key: `${run}/ended`,
  at: 5,
  run,
  outcome: 'succeeded',
});

async function newAhead() {
  const folder = await mkdtemp(join(tmpdir(), 'muster-ahead-'));
  const url = await databaseUrlForTest();
  const stores = await storesOver(url);
  const open = async (at = url, isHeld = true): Promise<WriteAhead> => {
    const database = openDatabase({ url: at });
    const ahead = await openWriteAhead({ folder, database, isHeld, now: () => 7 });
    onTestFinished(async () => {
      await ahead.close();
      await database.close();
    });
    return ahead;
  };
  const kinds = async (): Promise<string[]> =>
    (await stores.ledger.page(0, 100)).map(({ text }) => (JSON.parse(text) as LedgerEntry).kind);
  return { folder, url, stores, open, kinds };
}

/** Nobody listens there. */
const AWAY = 'postgres://nobody@127.0.0.1:9/none';

/** A whole command, as a worker writes it. */
async function commanded(ahead: WriteAhead): Promise<void> {
  await ahead.whileBusy(async () => {
    const intent = await ahead.begin(INTENT);
    await ahead.sending(intent);
    await ahead.finish(intent, { how: 'done', at: 8 });
  });
  await ahead.append([ended('execution')]);
}

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).map((name) => name.replace(/-.*/, ''));
}

describe('what was written ahead', () => {
  it('is in the store once that is back, in its order, behind an entry that names it', async () => {
    const { open, kinds, stores } = await newAhead();
    const ahead = await open();
    await commanded(ahead);
    expect(await ahead.settle()).toBe('merged');
    expect(await kinds()).toEqual(['writeAhead', 'intent', 'effect', 'run.ended']);
    expect(await stores.intents.latest(INTENT)).toMatchObject({
      epoch: 1,
      sending: true,
      result: { how: 'done', at: 8 },
    });
  });

  it('names every key that it has brought', async () => {
    const { open, stores } = await newAhead();
    const ahead = await open();
    await commanded(ahead);
    await ahead.settle();
    const [mark, ...others] = (await stores.ledger.page(0, 9)).map(
      ({ text }) => JSON.parse(text) as LedgerEntry,
    );
    expect(mark).toMatchObject({ kind: 'writeAhead', keys: others.map(({ key }) => key) });
  });

  it('stays while the store is away, and is merged by the next worker', async () => {
    const { folder, open, kinds } = await newAhead();
    const first = await open(AWAY);
    await commanded(first);
    expect(await first.settle()).toBe('away');
    await first.close();
    const second = await open();
    expect(second.latest(INTENT)).toMatchObject({ sending: true });
    await second.settle();
    expect(await kinds()).toEqual(['writeAhead', 'intent', 'effect', 'run.ended']);
    expect(await filesIn(folder)).toEqual(['merged']);
  });

  it('is merged once, also by who dies before it could say so', async () => {
    const { folder, open, kinds } = await newAhead();
    const first = await open();
    await commanded(first);
    const [name = ''] = await readdir(folder);
    const content = await readFile(join(folder, name), 'utf8');
    await first.settle();
    // As it would lie there had the worker died between the commit and the new name.
    await writeFile(join(folder, name), content);
    await (await open()).settle();
    expect(await kinds()).toEqual(['writeAhead', 'intent', 'effect', 'run.ended']);
  });

  it('is merged all of it or nothing', async () => {
    const { url, folder, open, kinds } = await newAhead();
    const ahead = await open();
    await commanded(ahead);
    await kinds();
    await statement(url, 'ALTER TABLE ledger_head RENAME TO gone');
    await expect(ahead.settle()).rejects.toThrow();
    await statement(url, 'ALTER TABLE gone RENAME TO ledger_head');
    expect(await filesIn(folder)).toEqual(['ahead']);
    await ahead.settle();
    expect(await kinds()).toEqual(['writeAhead', 'intent', 'effect', 'run.ended']);
  });

  it('is not merged in the middle of a command', async () => {
    const { open } = await newAhead();
    const ahead = await open();
    await ahead.whileBusy(async () => {
      await ahead.begin(INTENT);
      expect(await ahead.settle()).toBe('busy');
    });
    expect(await ahead.settle()).toBe('merged');
  });

  it('loses only a line that was never whole', async () => {
    const { folder, open, kinds } = await newAhead();
    const first = await open(AWAY);
    await first.append([ended('a')]);
    await first.close();
    const [name = ''] = await readdir(folder);
    await appendFile(join(folder, name), '{"at":7,"before":');
    await (await open()).settle();
    expect(await kinds()).toEqual(['writeAhead', 'run.ended']);
  });

  it('is not believed once it was changed', async () => {
    const { folder, open } = await newAhead();
    const first = await open(AWAY);
    await commanded(first);
    await first.close();
    const [name = ''] = await readdir(folder);
    const content = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), content.replace('dr-site/plan/1', 'dr-site/plan/2'));
    await expect(open()).rejects.toMatchObject({ code: 'store.corrupt' });
  });
});

describe('writing ahead', () => {
  it('begins no command twice', async () => {
    const { open } = await newAhead();
    const first = await open(AWAY);
    await commanded(first);
    await expect(first.begin(INTENT)).rejects.toMatchObject({ code: 'store.conflict' });
    await first.close();
    const second = await open(AWAY);
    await expect(second.begin(INTENT)).rejects.toMatchObject({ code: 'store.conflict' });
  });

  it('is for one worker: another one writes nothing', async () => {
    const { open } = await newAhead();
    const other = await open(AWAY, false);
    await expect(other.append([ended('a')])).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
