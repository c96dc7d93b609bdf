import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openFileStores, type NewIntent, type Stores } from '../../src/store/index.ts';

const root = await mkdtemp(join(tmpdir(), 'muster-intents-'));
afterAll(() => rm(root, { recursive: true }));
let folders = 0;

async function newStores(): Promise<Stores & { folder: string }> {
  const folder = join(root, `${(folders += 1)}`);
  return { folder, ...(await openFileStores({ folder, now: () => 1_000 })) };
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

/** All files below a folder, drafts included. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

async function fileOf(folder: string, name: string): Promise<string> {
  const found = (await filesIn(folder)).find((file) => basename(file) === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

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
    for (const each of begun) epochs.push((await intents.begin(each)).epoch);
    expect(epochs).toEqual([1, 2, 1, 1, 1]);
  });

  it('shares its epoch with no other that begins at the same time', async () => {
    const { intents } = await newStores();
    const begun = await Promise.all(Array.from({ length: 30 }, () => intents.begin(intent)));
    expect(new Set(begun.map(({ epoch }) => epoch)).size).toBe(30);
  });

  it('is the newest until another begins', async () => {
    const { intents } = await newStores();
    const first = await intents.begin(intent);
    expect(await intents.isNewest(first)).toBe(true);
    await intents.begin(intent);
    expect(await intents.isNewest(first)).toBe(false);
  });

  it('that is gone from the disk is not the newest', async () => {
    const { folder, intents } = await newStores();
    const first = await intents.begin(intent);
    await rm(await fileOf(folder, '1.json'));
    expect(await intents.isNewest(first)).toBe(false);
  });

  it('that was never recorded is not found', async () => {
    const { intents } = await newStores();
    expect(await intents.latest(KEY)).toBeUndefined();
  });

  it('keeps hostile names inside its folder', async () => {
    const { folder, intents } = await newStores();
    const outside = await readdir(dirname(folder));
    const names = ['../../up', '/etc/x', '', '.', '\0', 'a\nb', 'RUN', 'run', '__proto__', 'ü'.repeat(5_000)];
    for (const name of names) {
      const hostile = { ...intent, run: name, path: name, target: name };
      expect((await intents.begin(hostile)).epoch).toBe(1);
      expect(await intents.latest(hostile)).toMatchObject({ run: name, path: name });
    }
    expect(await readdir(dirname(folder))).toEqual(outside);
  });

  it('lies in files that only their owner may read', async () => {
    const { folder, intents } = await newStores();
    await intents.begin(intent);
    const file = await fileOf(folder, '1.json');
    const modes = [file, dirname(file), folder].map(async (path) => (await stat(path)).mode & 0o777);
    expect(await Promise.all(modes)).toEqual([0o600, 0o700, 0o700]);
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

describe('what is wrong on the disk', () => {
  it.each([
    ['torn', '{"run":"ru'],
    ['empty', ''],
    ['of another shape', '{"run":"run"}'],
    ['of another step', JSON.stringify({ ...intent, path: 'other', epoch: 1, recordedAt: 1 })],
  ])('is named when an intent is %s', async (_, content) => {
    const { folder, intents } = await newStores();
    await intents.begin(intent);
    const file = await fileOf(folder, '1.json');
    await writeFile(file, content);
    await expect(intents.latest(KEY)).rejects.toMatchObject({ code: 'store.corrupt', path: file });
  });

  it('is named when a foreign file lies among the intents', async () => {
    const { folder, intents } = await newStores();
    const begun = await intents.begin(intent);
    const file = join(dirname(await fileOf(folder, '1.json')), '1.json.bak');
    await writeFile(file, '');
    for (const work of [
      () => intents.begin(intent),
      () => intents.isNewest(begun),
      () => intents.latest(KEY),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: 'store.corrupt', path: file });
    }
  });

  it('is named when a target was changed', async () => {
    const { folder, intents } = await newStores();
    await intents.begin(intent);
    const [target = ''] = (await filesIn(folder)).filter((file) => dirname(file).endsWith('targets'));
    await writeFile(
      target,
      JSON.stringify({ run: 'run', target: 'x', baseline: {}, connection: 'c', action: 'a' }),
    );
    await expect(intents.targetsOf('run')).rejects.toMatchObject({ code: 'store.corrupt', path: target });
  });

  it('keeps anything from beginning when nothing can be written', async () => {
    const { folder, intents } = await newStores();
    const begun = await intents.begin(intent);
    await rm(join(folder, 'intents'), { recursive: true });
    await writeFile(join(folder, 'intents'), 'a file where the folder was');
    const unavailable = { code: 'store.unavailable' };
    await expect(intents.begin(intent)).rejects.toMatchObject(unavailable);
    await expect(intents.isNewest(begun)).rejects.toMatchObject(unavailable);
    await expect(intents.finish(begun, { how: 'done', at: 1 })).rejects.toMatchObject(unavailable);
  });

  it('keeps the stores from opening where no folder can be', async () => {
    await mkdir(root, { recursive: true });
    await writeFile(join(root, 'file'), '');
    await expect(openFileStores({ folder: join(root, 'file') })).rejects.toMatchObject({
      code: 'store.unavailable',
    });
  });
});

/** Starts a process that records intents, kills it with SIGKILL after `count`, and answers the epochs it told. */
async function killedAfter(count: number, folder: string): Promise<number[]> {
  const script = fileURLToPath(new URL('./begin-forever.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
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
  it('never share an epoch, lose one they told, or leave half an intent', async () => {
    const { folder, intents } = await newStores();
    const told = (await Promise.all([20, 33, 47].map((count) => killedAfter(count, folder)))).flat();
    expect(told.length).toBeGreaterThanOrEqual(100);
    expect(new Set(told).size).toBe(told.length);

    const kept = (await filesIn(join(folder, 'intents'))).map((file) => Number(basename(file, '.json')));
    expect(kept).toEqual(expect.arrayContaining(told));
    expect(await intents.latest({ run: 'run', path: 'failover', attempt: 1 })).toMatchObject({
      action: 'vro.failover',
    });
    // A kill leaves at most the one intent that was being recorded beyond those that were told.
    expect(kept.filter((epoch) => !Number.isNaN(epoch)).length).toBeLessThanOrEqual(told.length + 3);
  });
});
