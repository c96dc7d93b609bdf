import { join } from 'node:path';
import type { IntentKey, IntentResult, IntentStore, NewIntent, TouchedTarget } from './contracts.ts';
import { createFile, makePrivateFolder, namesIn, readIfThere, syncFolders } from './durable-file.ts';
import { fileNameFor } from './file-names.ts';
import { intentRecord, parseRecord, resultRecord, targetRecord } from './intent-record.ts';
import { StoreError } from './store-error.ts';

/** `3.json` is the intent of epoch 3, `3.sending.json` that it was being sent, `3.result.json` what became of it. */
const FILE_OF_KEY = /^([1-9]\d{0,8})\.(sending\.|result\.)?json$/;

/** Writers of one key that begin at the same moment take turns; more than a few are a bug. */
const MAX_RACES = 1_000;

/**
 * An intent store in a folder: `<run>/steps/<step and attempt>/<epoch>.json`, and `<run>/targets/<target>.json` with
 * what a target looked like before the run's first command on it. A file is linked into place whole and never changes,
 * so the name of the file is the lock: of two processes that want the same epoch one gets the next.
 */
export function fileIntents(options: { folder: string; drafts: string; now: () => number }): IntentStore {
  const { folder, drafts, now } = options;
  const runFolder = (run: string): string => join(folder, fileNameFor(run));
  const targetsFolder = (run: string): string => join(runFolder(run), 'targets');
  const stepsFolder = (run: string): string => join(runFolder(run), 'steps');
  const keyFolder = ({ run, path, attempt }: IntentKey): string =>
    join(stepsFolder(run), fileNameFor(`${path}/${attempt}`));

  async function noteTarget({ run, target, baseline, connection, action }: NewIntent): Promise<void> {
    const targets = targetsFolder(run);
    await makePrivateFolder(targets);
    const path = join(targets, `${fileNameFor(target)}.json`);
    if ((await readIfThere(path)) === undefined) {
      const content = JSON.stringify({ run, target, baseline, connection, action, recordedAt: now() });
      await createFile({ path, content, drafts });
    }
    // Also when another process has made the file: it may not have come to this yet.
    await syncFolders(targets);
  }

  /** The commands of a run that may have done something, by target. */
  async function sentIn(run: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const sent = new Map<string, string[]>();
    for (const key of await namesIn(stepsFolder(run))) {
      const own = join(stepsFolder(run), key);
      for (let epoch = await newestEpoch(own); epoch > 0; epoch -= 1) {
        const { target, action, mayHaveActed } = await epochIn(own, epoch);
        if (mayHaveActed) sent.set(target, [...(sent.get(target) ?? []), action]);
      }
    }
    return sent;
  }

  return {
    async begin(intent) {
      // Before the intent: were it after, a kill in between would let a later command pass off its own effect as the
      // state from before.
      await noteTarget(intent);
      const steps = stepsFolder(intent.run);
      const own = keyFolder(intent);
      await makePrivateFolder(own);
      let epoch = (await newestEpoch(own)) + 1;
      for (let race = 0; race < MAX_RACES; race += 1, epoch += 1) {
        const recorded = { ...intent, epoch, recordedAt: now() };
        const path = join(own, `${epoch}.json`);
        if (await createFile({ path, content: JSON.stringify(recorded), drafts })) {
          await syncFolders(own, steps, runFolder(intent.run), folder);
          return { ...recorded, sending: false };
        }
      }
      throw new StoreError('store.unavailable', own, { detail: 'Too many writers want the next epoch.' });
    },

    async sending(intent) {
      const own = keyFolder(intent);
      const path = join(own, `${intent.epoch}.sending.json`);
      await createFile({ path, content: JSON.stringify({ at: now() }), drafts });
      await syncFolders(own);
    },

    async isNewest(intent) {
      return (await newestEpoch(keyFolder(intent))) === intent.epoch;
    },

    async latest(key) {
      const own = keyFolder(key);
      const epoch = await newestEpoch(own);
      if (epoch === 0) return undefined;
      const path = join(own, `${epoch}.json`);
      const { intent, sending, result } = await epochIn(own, epoch);
      if (
        intent.run !== key.run ||
        intent.path !== key.path ||
        intent.attempt !== key.attempt ||
        intent.epoch !== epoch
      ) {
        throw new StoreError('store.corrupt', path, { detail: 'It belongs to another step.' });
      }
      return { ...intent, sending, ...(result === undefined ? {} : { result }) };
    },

    async finish(intent, result) {
      const own = keyFolder(intent);
      const path = join(own, `${intent.epoch}.result.json`);
      const created = await createFile({ path, content: JSON.stringify(result), drafts });
      await syncFolders(own);
      if (created) return;
      const first = await resultIn(own, intent.epoch);
      if (first?.how !== result.how || first.detail !== result.detail) {
        const detail = `The intent has ended as ${first?.how ?? 'nothing'}, so it cannot end as ${result.how}.`;
        throw new StoreError('store.conflict', path, { detail });
      }
    },

    async targetsOf(run) {
      const sent = await sentIn(run);
      const targets: TouchedTarget[] = [];
      for (const name of await namesIn(targetsFolder(run))) {
        const path = join(targetsFolder(run), name);
        const { run: owner, ...touched } = parseRecord(path, (await readIfThere(path)) ?? '', targetRecord);
        if (owner !== run || name !== `${fileNameFor(touched.target)}.json`) {
          throw new StoreError('store.corrupt', path, { detail: 'It belongs to another run or target.' });
        }
        targets.push({ ...touched, sent: sent.get(touched.target) ?? [] });
      }
      return targets.sort((a, b) => (a.target < b.target ? -1 : 1));
    },
  };
}

/** The highest epoch in the folder of a key; 0 when there is none. */
async function newestEpoch(own: string): Promise<number> {
  let newest = 0;
  for (const name of await namesIn(own)) {
    const match = FILE_OF_KEY.exec(name);
    if (match === null) {
      throw new StoreError('store.corrupt', join(own, name), { detail: 'muster did not put it here.' });
    }
    if (match[2] === undefined) newest = Math.max(newest, Number(match[1]));
  }
  return newest;
}

/** All that is kept of one epoch in the folder of a key. */
async function epochIn(own: string, epoch: number) {
  const path = join(own, `${epoch}.json`);
  const intent = parseRecord(path, (await readIfThere(path)) ?? '', intentRecord);
  const sending = (await readIfThere(join(own, `${epoch}.sending.json`))) !== undefined;
  const result = await resultIn(own, epoch);
  const { target, action } = intent;
  return { intent, sending, result, target, action, mayHaveActed: sending && result?.how !== 'notDone' };
}

async function resultIn(own: string, epoch: number): Promise<IntentResult | undefined> {
  const path = join(own, `${epoch}.result.json`);
  const text = await readIfThere(path);
  return text === undefined ? undefined : parseRecord(path, text, resultRecord);
}
