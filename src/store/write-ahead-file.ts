import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../model/json.ts';
import type { LedgerEntry } from '../model/ledger-entry.ts';
import type { NewIntent } from './contracts.ts';
import { syncFolders } from './durable-file.ts';
import { sha256 } from './file-names.ts';
import { onDisk, StoreError } from './store-error.ts';

/** What a worker writes down while the store is away, in the order in which it happens. */
export type AheadRecord =
  | { readonly kind: 'entries'; readonly at: number; readonly entries: readonly LedgerEntry[] }
  | { readonly kind: 'content'; readonly at: number; readonly text: string }
  | { readonly kind: 'begin'; readonly at: number; readonly intent: NewIntent }
  | { readonly kind: 'sending'; readonly at: number; readonly of: number }
  | {
      readonly kind: 'result';
      readonly at: number;
      readonly of: number;
      readonly how: 'done' | 'adopted' | 'notDone' | 'unclear';
      readonly detail?: string;
    };

const FILE_MODE = 0o600;
/** What the first line follows. */
const NOTHING = sha256('muster write-ahead, v1');

const head = { at: z.int() };
const json = z.record(z.string(), z.json());
const intent = z.strictObject({
  run: z.string(),
  path: z.string(),
  attempt: z.int(),
  action: z.string(),
  connection: z.string(),
  target: z.string(),
  baseline: json,
  requestDigest: z.string(),
  sendBefore: z.number(),
});
const recordLine = z.discriminatedUnion('kind', [
  // Our own texts, held together by the chain; whoever merges them parses nothing into an action.
  z.strictObject({ ...head, kind: z.literal('entries'), entries: z.array(z.custom<LedgerEntry>(isObject)) }),
  z.strictObject({ ...head, kind: z.literal('content'), text: z.string() }),
  z.strictObject({ ...head, kind: z.literal('begin'), intent }),
  z.strictObject({ ...head, kind: z.literal('sending'), of: z.int() }),
  z.strictObject({
    ...head,
    kind: z.literal('result'),
    of: z.int(),
    how: z.enum(['done', 'adopted', 'notDone', 'unclear']),
    detail: z.string().exactOptional(),
  }),
]);
const line = z.strictObject({ n: z.int().nonnegative(), before: z.string(), record: recordLine });

/** A file that is written from its first line on: each line is on the disk before the next thing is done. */
export class AheadFile {
  readonly path: string;
  readonly records: AheadRecord[] = [];
  readonly #file: FileHandle;
  #before = NOTHING;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** Makes a file; one that is there already is never written to. @throws StoreError `store.unavailable` */
  static async make(path: string): Promise<AheadFile> {
    const file = await onDisk(path, () => open(path, 'wx', FILE_MODE));
    await syncFolders(dirname(path));
    return new AheadFile(path, file);
  }

  /** @returns the number of the line. @throws StoreError `store.unavailable`: then it counts as not written */
  append(record: AheadRecord): Promise<number> {
    const written = this.#queue.then(() =>
      onDisk(this.path, async () => {
        const n = this.records.length;
        const text = canonicalJson({ n, before: this.#before, record });
        await this.#file.appendFile(`${text}\n`);
        await this.#file.sync();
        this.#before = sha256(text);
        this.records.push(record);
        return n;
      }),
    );
    // After a line that may be half there nothing may follow: what the caller does then is not done.
    this.#queue = written;
    written.catch(() => undefined);
    return written;
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#queue.catch(() => undefined);
    await this.#file.close();
  }
}

/**
 * Reads a file that a process has left. A last line that is not whole was never acted on, and is left out.
 *
 * @throws StoreError `store.corrupt` when a line does not follow the one before
 */
export async function readAhead(
  path: string,
): Promise<{ readonly records: readonly AheadRecord[]; readonly digest: string }> {
  const bytes = await onDisk(path, () => readFile(path));
  const lines = bytes.toString('utf8').split('\n').slice(0, -1);
  let before = NOTHING;
  const records = lines.map((text, n): AheadRecord => {
    const read = line.safeParse(parsed(text));
    const follows = read.success && read.data.n === n && read.data.before === before;
    if (!follows || canonicalJson(read.data) !== text) {
      throw new StoreError('store.corrupt', path, {
        detail: `Line ${n + 1} does not follow the one before.`,
      });
    }
    before = sha256(text);
    return read.data.record;
  });
  return { records, digest: sha256(lines.map((text) => `${text}\n`).join('')) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
