import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDatabase, openStores, type NewIntent } from '../../src/store/index.ts';
import { databaseForTest, databaseUrlForTest } from '../support/database.ts';

async function newStores() {
  const database = await databaseForTest();
  return { database, ...(await openStores({ database, folder: tmpdir(), now: () => 1_000 })) };
}

const KEY = { run: 'run', path: 'failover', attempt: 1 };
const intent: NewIntent = {
  ...KEY,
  action: 'vro.failover',
  connection: 'dr-site',
  target: 'dr-site/plan/ERP',
  baseline: { stateName: 'Ready' },
  requestDigest: 'digest',
  sendBefore: 2_000,
};

describe('an intent', () => {
  it('is read back as it was recorded', async () => {
    const { intents } = await newStores();
    const recorded = { ...intent, epoch: 1, recordedAt: 1_000, sending: false };
    expect(await intents.begin(intent)).toEqual(recorded);
    expect(await intents.latest(KEY)).toEqual(recorded);
  });

  it('remembers that its request was about to leave', async () => {
    const { intents } = await newStores();
    const begun = await intents.begin(intent);
    await intents.sending(begun);
    await intents.sending(begun);
    expect((await intents.latest(KEY))?.sending).toBe(true);
  });

  it('counts as sent until it is certain that it did nothing', async () => {
    const { intents } = await newStores();
    const sent = async (): Promise<readonly string[] | undefined> =>
      (await intents.targetsOf(intent.run))[0]?.sent;
    const begun = await intents.begin(intent);
    const before = await sent();
    await intents.sending(begun);
    const meanwhile = await sent();
    await intents.finish(begun, { how: 'notDone', at: 1 });
    expect([before, meanwhile, await sent()]).toEqual([[], [intent.action], []]);
  });

  it('gets the next epoch of its own key only', async () => {
    const { intents } = await newStores();
    const begun = [
      intent,
      intent,
      { ...intent, attempt: 2 },
      { ...intent, path: 'undo' },
      { ...intent, run: 'other' },
    ];
    const epochs = [];
    for (const each of begun) {
      const recorded = await intents.begin(each);
      epochs.push(recorded.epoch);
      await intents.finish(recorded, { how: 'notDone', at: 1 });
    }
    expect(epochs).toEqual([1, 2, 1, 1, 1]);
  });

  it('is the only one of those that begin at the same time', async () => {
    const { intents } = await newStores();
    const begun = await Promise.allSettled(Array.from({ length: 30 }, () => intents.begin(intent)));
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each(['done', 'adopted', 'unclear', undefined] as const)(
    'is not begun again once another may have sent it (%s)',
    async (how) => {
      const { intents } = await newStores();
      const first = await intents.begin(intent);
      await intents.sending(first);
      if (how !== undefined) await intents.finish(first, { how, at: 1 });
      await expect(intents.begin(intent)).rejects.toMatchObject({ code: 'store.conflict' });
    },
  );

  it('is not begun by an attempt that a later one has overtaken', async () => {
    const { intents } = await newStores();
    await intents.begin({ ...intent, attempt: 2 });
    await expect(intents.begin(intent)).rejects.toMatchObject({ code: 'store.conflict' });
  });

  it('that was given up is not sent any more', async () => {
    const { intents } = await newStores();
    const first = await intents.begin(intent);
    expect(await intents.abandon(first, 1)).toBe(true);
    await expect(intents.sending(first)).rejects.toMatchObject({ code: 'store.unavailable' });
  });

  it('that may have been sent is not given up', async () => {
    const { intents } = await newStores();
    const first = await intents.begin(intent);
    await intents.sending(first);
    expect(await intents.abandon(first, 1)).toBe(false);
  });

  it('that was seen to take effect after it was said to is no conflict', async () => {
    const { intents } = await newStores();
    const first = await intents.begin(intent);
    await intents.finish(first, { how: 'done', at: 1 });
    await intents.finish(first, { how: 'adopted', at: 2 });
    expect((await intents.latest(intent))?.result).toEqual({ how: 'done', at: 1 });
  });

  it('is the newest until another begins', async () => {
    const { intents } = await newStores();
    const first = await intents.begin(intent);
    expect(await intents.isNewest(first)).toBe(true);
    await intents.begin({ ...intent, attempt: 2 });
    expect(await intents.isNewest(first)).toBe(false);
  });

  it('that is gone from the store is not the newest, and nothing is sent for it', async () => {
    const { database, intents } = await newStores();
    const first = await intents.begin(intent);
    await database.run('DELETE FROM intents');
    await expect(intents.sending(first)).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(await intents.isNewest(first)).toBe(false);
  });

  it('that was never recorded is not found', async () => {
    const { intents } = await newStores();
    expect(await intents.latest(KEY)).toBeUndefined();
  });

  it('takes hostile names as names', async () => {
    const { intents } = await newStores();
    const names = [
      "'; DROP TABLE intents; --",
      '/etc/x',
      '',
      '.',
      'a\nb',
      'RUN',
      '__proto__',
      'ü'.repeat(2_000),
    ];
    for (const name of names) {
      const hostile = { ...intent, run: name, path: name, target: name, baseline: { nul: '\0' } };
      expect((await intents.begin(hostile)).epoch).toBe(1);
      expect(await intents.latest(hostile)).toMatchObject({ run: name, path: name, baseline: { nul: '\0' } });
    }
  });
});

describe('the result of an intent', () => {
  it('comes with it', async () => {
    const { intents } = await newStores();
    const begun = await intents.begin(intent);
    await intents.finish(begun, { how: 'adopted', at: 5, detail: 'It runs.' });
    expect(await intents.latest(KEY)).toEqual({
      ...begun,
      result: { how: 'adopted', at: 5, detail: 'It runs.' },
    });
  });

  it('may be told again', async () => {
    const { intents } = await newStores();
    const begun = await intents.begin(intent);
    await intents.finish(begun, { how: 'done', at: 5 });
    await intents.finish(begun, { how: 'done', at: 6 });
    expect((await intents.latest(KEY))?.result).toEqual({ how: 'done', at: 5 });
  });

  it('never changes', async () => {
    const { intents } = await newStores();
    const begun = await intents.begin(intent);
    await intents.finish(begun, { how: 'unclear', at: 5 });
    await expect(intents.finish(begun, { how: 'notDone', at: 6 })).rejects.toMatchObject({
      code: 'store.conflict',
    });
  });

  it('belongs to one epoch', async () => {
    const { intents } = await newStores();
    await intents.finish(await intents.begin(intent), { how: 'notDone', at: 5 });
    await intents.begin(intent);
    expect(await intents.latest(KEY)).not.toHaveProperty('result');
  });
});

describe('the targets of a run', () => {
  it('come with what was read before the first command', async () => {
    const { intents } = await newStores();
    await intents.begin(intent);
    await intents.begin({ ...intent, path: 'undo', action: 'vro.undo', baseline: { stateName: 'Failover' } });
    await intents.begin({ ...intent, path: 'crm', target: 'dr-site/plan/CRM' });
    await intents.begin({ ...intent, run: 'other', target: 'dr-site/plan/FILES' });
    const shared = {
      action: 'vro.failover',
      connection: 'dr-site',
      baseline: { stateName: 'Ready' },
      recordedAt: expect.any(Number) as number,
      sent: [],
    };
    expect(await intents.targetsOf('run')).toEqual([
      { target: 'dr-site/plan/CRM', ...shared },
      { target: 'dr-site/plan/ERP', ...shared },
    ]);
  });

  it('are none when it touched nothing', async () => {
    const { intents } = await newStores();
    expect(await intents.targetsOf('run')).toEqual([]);
  });
});

it('names a row of another shape than was written', async () => {
  const { database, intents } = await newStores();
  await intents.begin(intent);
  await database.run(`UPDATE intents SET result = '{"how":"perhaps"}'`);
  await expect(intents.latest(KEY)).rejects.toMatchObject({ code: 'store.corrupt' });
});

it('begins nothing when the database cannot be reached', async () => {
  const database = openDatabase({ url: 'postgres://nobody:secret@127.0.0.1:1/none' });
  const { intents } = await openStores({ database, folder: tmpdir() });
  const failed = await intents.begin(intent).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'store.unavailable', path: '127.0.0.1:1/none' });
  expect(String(failed)).not.toContain('secret');
});

/** Starts a process that records intents, kills it with SIGKILL after `count`, and answers the epochs it told. */
async function killedAfter(count: number, url: string): Promise<number[]> {
  const script = fileURLToPath(new URL('./begin-forever.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, tmpdir()], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATABASE_URL: url },
  });
  const told: number[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    told.push(Number(line));
    if (told.length === count) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return told;
}

describe('processes that are killed', () => {
  it('lose no intent that they told, and leave no half of one', async () => {
    const url = await databaseUrlForTest();
    const told = await Promise.all([20, 33, 47].map((count) => killedAfter(count, url)));
    expect(told.flat().length).toBeGreaterThanOrEqual(100);

    const database = openDatabase({ url });
    const rows = await database.rows(
      z.object({ epochs: z.array(z.int()) }),
      'SELECT array_agg(epoch ORDER BY epoch) AS epochs FROM intents GROUP BY path ORDER BY count(*)',
    );
    await database.close();
    const begun = rows.map(({ epochs }, index) => [epochs.length, told[index]?.length ?? 0] as const);
    // A kill leaves at most the one intent that was being recorded beyond those that were told.
    expect(begun.filter(([kept, said]) => kept < said || kept > said + 1)).toEqual([]);
  });
});
