import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { syncFolders } from '../durable-file.ts';
import { onDisk, StoreError, systemCodeOf } from '../store-error.ts';

/** Far more than a line of ours can have, far less than what a hostile file unpacks to. */
const MAX_LINE_BYTES = 64 * 1_024 * 1_024;
const LINE_BREAK = 0x0a;

const head = z.strictObject({
  muster: z.literal('backup'),
  version: z.literal(1),
  /** Of the tables; see SCHEMA_VERSION. */
  schema: z.int(),
  madeAt: z.string(),
});
const tableLine = z.strictObject({ table: z.string(), columns: z.array(z.string()).min(1) });
/** Of the table named last. Every value as PostgreSQL writes it in text. */
const rowsLine = z.strictObject({ rows: z.array(z.array(z.string().nullable())) });
const endLine = z.strictObject({ end: z.literal(true), rows: z.int(), sha256: z.string() });
const line = z.union([rowsLine, tableLine, endLine, head]);

/** What a backup begins with. */
export type BackupHead = Omit<z.output<typeof head>, 'muster' | 'version'>;
/** A table that is to come, or some rows of it. */
export type BackupPart = z.output<typeof tableLine> | z.output<typeof rowsLine>;

/**
 * Writes a backup: lines of JSON, packed with gzip, with a digest at the end. It appears under its name, durably, when it is
 * whole; a backup that is there already is replaced by it.
 *
 * @throws StoreError `store.unavailable`; and what `parts` throws
 */
export async function writeBackup(
  file: string,
  start: BackupHead,
  parts: AsyncIterable<BackupPart>,
): Promise<void> {
  const draft = `${file}.${randomUUID()}.part`;
  try {
    await onDisk(file, async () => {
      // Synced before it is closed: whoever deletes the original next must have the copy.
      const output = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true });
      await pipeline(Readable.from(linesOf(start, parts)), createGzip(), output);
      await rename(draft, file);
    });
    await syncFolders(dirname(file));
  } finally {
    await rm(draft, { force: true });
  }
}

async function* linesOf(start: BackupHead, parts: AsyncIterable<BackupPart>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const lineOf = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);
  const hashed = (value: unknown): Buffer => {
    const bytes = lineOf(value);
    hash.update(bytes);
    return bytes;
  };
  yield hashed({ muster: 'backup', version: 1, ...start });
  let rows = 0;
  for await (const part of parts) {
    if ('rows' in part) rows += part.rows.length;
    yield hashed(part);
  }
  yield lineOf({ end: true, rows, sha256: hash.digest('hex') });
}

/**
 * The parts of a backup. That it is whole is known when the last one has come: until then nothing of it may count.
 *
 * @param check sees the head first
 * @throws StoreError `store.badBackup`, `store.notFound`, `store.unavailable`; and what `check` throws
 */
export async function* readBackup(
  file: string,
  check: (start: BackupHead) => void,
): AsyncGenerator<BackupPart> {
  const hash = createHash('sha256');
  let seen: 'nothing' | 'head' | 'end' = 'nothing';
  let rows = 0;
  for await (const bytes of bytesOf(file)) {
    const read = line.safeParse(jsonOf(bytes));
    if (!read.success || seen === 'end') throw badBackup(file, read.error);
    const part = read.data;
    if ('muster' in part) {
      if (seen !== 'nothing') throw badBackup(file);
      check(part);
      seen = 'head';
    } else if (seen === 'nothing') {
      throw badBackup(file);
    } else if ('end' in part) {
      if (part.sha256 !== hash.digest('hex') || part.rows !== rows) throw badBackup(file);
      seen = 'end';
      continue;
    } else {
      if ('rows' in part) rows += part.rows.length;
      yield part;
    }
    hash.update(bytes).update('\n');
  }
  if (seen !== 'end') throw badBackup(file);
}

/** Lines as bytes. Not `readline`: it also breaks lines at U+2028, which JSON may hold. */
async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const input = createReadStream(file);
  const unpacked = createGunzip();
  input.on('error', (error) => unpacked.destroy(error));
  input.pipe(unpacked);
  let rest: Buffer[] = [];
  let restBytes = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(LINE_BREAK); at >= 0; at = chunk.indexOf(LINE_BREAK, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, at)]);
        rest = [];
        restBytes = 0;
        from = at + 1;
      }
      rest.push(chunk.subarray(from));
      restBytes += chunk.length - from;
      if (restBytes > MAX_LINE_BYTES) throw badBackup(file);
    }
    // What stands behind the packed data would be passed over in silence.
    if (restBytes > 0 || unpacked.bytesWritten !== (await stat(file)).size) throw badBackup(file);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const code = systemCodeOf(cause) ?? '';
    if (code === 'ENOENT') throw new StoreError('store.notFound', file, { cause });
    if (!code.startsWith('Z_')) {
      throw new StoreError('store.unavailable', file, { detail: `${code}.`, cause });
    }
    throw badBackup(file, cause);
  } finally {
    input.destroy();
    unpacked.destroy();
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** Also for whoever finds something in it that cannot be restored. */
export function badBackup(file: string, cause?: unknown): StoreError {
  return new StoreError('store.badBackup', file, { cause });
}
