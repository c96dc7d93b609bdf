import { randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Intent, IntentKey } from './contracts.ts';
import { makePrivateFolder, namesIn, syncFolders } from './durable-file.ts';
import { sha256 } from './file-names.ts';
import type { Database } from './postgres/database.ts';
import { mergeAhead } from './postgres/merge-ahead.ts';
import { isAway, onDisk, StoreError } from './store-error.ts';
import type { Settled, WriteAhead } from './write-ahead-contracts.ts';
import { AheadFile, readAhead, type AheadRecord } from './write-ahead-file.ts';

/** `ahead-` and when it was begun, so that names are in the order of time. */
const WAITING = /^ahead-\d{15}-[0-9a-f-]{36}\.jsonl$/;

/**
 * Opens the folder in which one worker writes while the store is away. What another process has left there is merged as well.
 *
 * @param options.isHeld whether this process holds the lock of the folder: only then it writes and merges
 * @throws StoreError `store.unavailable` for the folder, `store.corrupt` for a file in it that was changed
 */
export async function openWriteAhead({
  folder,
  database,
  isHeld,
  now = Date.now,
}: {
  readonly folder: string;
  readonly database: Database;
  readonly isHeld: boolean;
  readonly now?: () => number;
}): Promise<WriteAhead> {
  await makePrivateFolder(folder);
  const left = isHeld ? (await namesIn(folder)).filter((name) => WAITING.test(name)).sort() : [];
  const ahead = new FolderAhead({ folder, database, isHeld, now, left });
  await ahead.readLeft();
  return ahead;
}

class FolderAhead implements WriteAhead {
  readonly isHeld: boolean;
  readonly #folder: string;
  readonly #database: Database;
  readonly #now: () => number;
  /** Files to merge, the oldest first. */
  readonly #waiting: string[];
  /** Intents of files that wait, by key. */
  readonly #kept = new Map<string, Intent>();
  /** In which line of the file an intent was begun. */
  readonly #lines = new Map<string, number>();
  #file: AheadFile | undefined;
  #making: Promise<AheadFile> | undefined;
  #busy = 0;
  #settling: Promise<Settled> | undefined;
  #isClosed = false;

  constructor(parts: {
    readonly folder: string;
    readonly database: Database;
    readonly isHeld: boolean;
    readonly now: () => number;
    readonly left: readonly string[];
  }) {
    this.#folder = parts.folder;
    this.#database = parts.database;
    this.isHeld = parts.isHeld;
    this.#now = parts.now;
    this.#waiting = [...parts.left];
  }

  /** What a process before this one has begun, so that nothing is begun twice. */
  async readLeft(): Promise<void> {
    for (const name of this.#waiting) {
      const { records } = await readAhead(join(this.#folder, name));
      const sent = new Set(records.flatMap((record) => (record.kind === 'sending' ? [record.of] : [])));
      for (const [n, record] of records.entries()) {
        if (record.kind !== 'begin') continue;
        const intent = { ...record.intent, epoch: 1, recordedAt: record.at, sending: sent.has(n) };
        this.#kept.set(nameOf(intent), intent);
      }
    }
  }

  get isPending(): boolean {
    return this.#waiting.length > 0 || (this.#file?.records.length ?? 0) > 0 || this.#making !== undefined;
  }

  async append(entries: Parameters<WriteAhead['append']>[0]): Promise<void> {
    await this.#write({ kind: 'entries', at: this.#now(), entries });
  }

  async keep(text: string): Promise<string> {
    await this.#write({ kind: 'content', at: this.#now(), text });
    return sha256(text);
  }

  async begin(intent: Parameters<WriteAhead['begin']>[0]): Promise<Intent> {
    const key = nameOf(intent);
    if (this.#kept.has(key)) {
      throw new StoreError('store.conflict', this.#folder, { detail: 'It was written ahead already.' });
    }
    const recordedAt = this.#now();
    this.#kept.set(key, { ...intent, epoch: 1, recordedAt, sending: false });
    const line = await this.#write({ kind: 'begin', at: recordedAt, intent });
    this.#lines.set(key, line);
    return { ...intent, epoch: 1, recordedAt, sending: false };
  }

  async sending(intent: Intent): Promise<void> {
    await this.#write({ kind: 'sending', at: this.#now(), of: this.#lineOf(intent) });
    this.#kept.set(nameOf(intent), { ...intent, sending: true });
  }

  async finish(intent: Intent, result: Parameters<WriteAhead['finish']>[1]): Promise<void> {
    const { how, at, detail } = result;
    const said = { kind: 'result', at, of: this.#lineOf(intent), how } as const;
    await this.#write(detail === undefined ? said : { ...said, detail });
    const before = this.#kept.get(nameOf(intent)) ?? intent;
    this.#kept.set(nameOf(intent), { ...before, result });
  }

  latest(key: IntentKey): Intent | undefined {
    return this.#kept.get(nameOf(key));
  }

  async whileBusy<T>(work: () => Promise<T>): Promise<T> {
    // One that is being merged is over in a moment, and what comes now goes into the next.
    while (this.#settling !== undefined) await this.#settling.catch(() => undefined);
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
    }
  }

  settle(): Promise<Settled> {
    if (!this.isHeld || !this.isPending) return Promise.resolve('merged');
    if (this.#busy > 0) return Promise.resolve('busy');
    this.#settling ??= this.#merge().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#settling?.catch(() => undefined);
    await this.#file?.close();
    this.#file = undefined;
  }

  async #merge(): Promise<Settled> {
    // A look first: a file on which merging was tried is not written to again.
    try {
      await this.#database.run('SELECT 1');
    } catch (error) {
      if (isAway(error)) return 'away';
      throw error;
    }
    await this.#making?.catch(() => undefined);
    const file = this.#file;
    if (file !== undefined) {
      // Nothing is written behind a try, whose outcome may be unknown: a file is merged as a whole, and once.
      this.#file = undefined;
      await file.close();
      this.#waiting.push(nameIn(file.path));
    }
    for (;;) {
      const name = this.#waiting[0];
      if (name === undefined) break;
      const path = join(this.#folder, name);
      const { records, digest } = await readAhead(path);
      try {
        await mergeAhead(this.#database, { digest, records, now: this.#now() });
      } catch (error) {
        if (isAway(error)) return 'away';
        throw error;
      }
      await onDisk(path, () => rename(path, join(this.#folder, `merged-${digest}.jsonl`)));
      await syncFolders(this.#folder);
      this.#waiting.shift();
    }
    this.#kept.clear();
    this.#lines.clear();
    return 'merged';
  }

  async #write(record: AheadRecord): Promise<number> {
    if (!this.isHeld || this.#isClosed) {
      throw new StoreError('store.unavailable', this.#folder, { detail: 'Another worker writes there.' });
    }
    // A merge that is under way has taken the file; whatever is written now is for the next.
    while (this.#settling !== undefined) await this.#settling.catch(() => undefined);
    return (this.#file ?? (await this.#made())).append(record);
  }

  #made(): Promise<AheadFile> {
    const name = `ahead-${String(this.#now()).padStart(15, '0')}-${randomUUID()}.jsonl`;
    this.#making ??= AheadFile.make(join(this.#folder, name))
      .then((file) => (this.#file = file))
      .finally(() => {
        this.#making = undefined;
      });
    return this.#making;
  }

  #lineOf(intent: IntentKey): number {
    const line = this.#lines.get(nameOf(intent));
    if (line !== undefined) return line;
    throw new StoreError('store.unavailable', this.#folder, { detail: 'The intent is gone.' });
  }
}

function nameOf({ run, path, attempt }: IntentKey): string {
  return JSON.stringify([run, path, attempt]);
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
