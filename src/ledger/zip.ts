import { crc32 } from 'node:zlib';
import { LedgerError } from './ledger-error.ts';
import { clashOf, isEntryName } from './zip-names.ts';

/** One file in a bundle. */
export interface ZipEntry {
  /** ASCII letters, digits, `.`, `_` and `-`, in folders that are separated by `/`. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** What a bundle may hold at most. */
export interface ZipLimits {
  readonly entries: number;
  readonly entryBytes: number;
  readonly totalBytes: number;
}

/** A run of a thousand items has a bundle of some ten megabytes. */
export const ZIP_LIMITS: ZipLimits = {
  entries: 20_000,
  entryBytes: 256 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
};

const LOCAL = { signature: 0x04034b50, bytes: 30 };
const CENTRAL = { signature: 0x02014b50, bytes: 46 };
const END = { signature: 0x06054b50, bytes: 22 };
/** Version 1.0 of the format is enough for stored entries. */
const VERSION = 10;
/** 1 January 1980, the first day the format knows. */
const DAY = 0x0021;

/**
 * Writes a zip with stable bytes: the same entries, in any order, give the same file. Entries are stored and not
 * compressed: compressed bytes would depend on the version of a compressor, and could be changed without changing what
 * they mean.
 *
 * @throws LedgerError `ledger.badZip` when names clash or cannot be used, `ledger.zipTooLarge`
 */
export function writeZip(entries: readonly ZipEntry[], limits: ZipLimits = ZIP_LIMITS): Uint8Array {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  assertNames(sorted.map(({ name }) => name));
  assertLimits(sorted, limits);
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, content } of sorted) {
    const common = fieldsOf(name, content);
    directory.push(centralHeader(common, offset), Buffer.from(name, 'latin1'));
    parts.push(localHeader(common), Buffer.from(name, 'latin1'), content);
    offset += LOCAL.bytes + name.length + content.byteLength;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...parts, central, endRecord(sorted.length, central.byteLength, offset)]);
}

/**
 * Reads a zip that {@link writeZip} has written, and nothing else: what is found in it is written again, and every byte
 * has to be the same. So there are no hidden, doubled, compressed, encrypted or absolute entries, no comments, and
 * nothing before, between or behind. The contents share the memory of `file`.
 *
 * @throws LedgerError `ledger.badZip` with the entry at which it begins to differ, `ledger.zipTooLarge`
 */
export function readZip(file: Uint8Array, limits: ZipLimits = ZIP_LIMITS): readonly ZipEntry[] {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const entries = entriesIn(bytes, limits);
  const again = Buffer.from(writeZip(entries, limits));
  if (!again.equals(bytes)) {
    const place = placeOf(entries, firstDifference(again, bytes));
    throw bad(place, 'These bytes are not as muster writes them.');
  }
  return entries;
}

/** Follows the directory from the end. It only has to find what is there: whether that is right, writing it again tells. */
function entriesIn(bytes: Buffer, limits: ZipLimits): readonly ZipEntry[] {
  const end = bytes.byteLength - END.bytes;
  if (end < 0 || bytes.readUInt32LE(end) !== END.signature) throw bad('end', 'There is no end of a zip.');
  const count = bytes.readUInt16LE(end + 10);
  if (count > limits.entries) throw tooLarge('bundle', `${count} entries`);
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  let total = 0;
  for (let number = 1; number <= count; number += 1) {
    const place = `entry ${number}`;
    if (at + CENTRAL.bytes > end) throw bad(place, 'It is cut off.');
    const [size, nameLength] = [bytes.readUInt32LE(at + 24), bytes.readUInt16LE(at + 28)];
    const content = bytes.readUInt32LE(at + 42) + LOCAL.bytes + nameLength;
    total += size;
    if (size > limits.entryBytes || total > limits.totalBytes) throw tooLarge(place, `${total} bytes`);
    // Entries that share their bytes would make a small file large when it is written again.
    if (total > end) throw bad(place, 'There are more contents than bytes.');
    if (at + CENTRAL.bytes + nameLength > end || content + size > end) throw bad(place, 'It is cut off.');
    const name = bytes.toString('latin1', at + CENTRAL.bytes, at + CENTRAL.bytes + nameLength);
    if (!isEntryName(name)) throw bad(place, 'Its name cannot be used.');
    entries.push({ name, content: bytes.subarray(content, content + size) });
    at += CENTRAL.bytes + nameLength;
  }
  return entries;
}

function assertNames(names: readonly string[]): void {
  const wrong = names.find((name) => !isEntryName(name));
  if (wrong !== undefined) throw bad(JSON.stringify(wrong.slice(0, 100)), 'The name cannot be used.');
  const clash = clashOf(names);
  if (clash !== undefined) {
    throw bad(clash, 'Another entry has this name, or one that some systems take for it.');
  }
}

function assertLimits(entries: readonly ZipEntry[], limits: ZipLimits): void {
  if (entries.length > limits.entries) throw tooLarge('bundle', `${entries.length} entries`);
  let total = 0;
  for (const { name, content } of entries) {
    total += content.byteLength;
    if (content.byteLength > limits.entryBytes || total > limits.totalBytes) {
      throw tooLarge(name, `${total} bytes`);
    }
  }
}

/** What both headers of an entry say, byte for byte: version, flags, method, time, day, CRC, both sizes, both lengths. */
function fieldsOf(name: string, content: Uint8Array): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(DAY, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.byteLength, 14);
  fields.writeUInt32LE(content.byteLength, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function localHeader(fields: Buffer): Buffer {
  const header = Buffer.alloc(LOCAL.bytes);
  header.writeUInt32LE(LOCAL.signature, 0);
  fields.copy(header, 4);
  return header;
}

function centralHeader(fields: Buffer, offset: number): Buffer {
  const header = Buffer.alloc(CENTRAL.bytes);
  header.writeUInt32LE(CENTRAL.signature, 0);
  header.writeUInt16LE(VERSION, 4);
  fields.copy(header, 6);
  header.writeUInt32LE(offset, 42);
  return header;
}

function endRecord(count: number, bytes: number, offset: number): Buffer {
  const record = Buffer.alloc(END.bytes);
  record.writeUInt32LE(END.signature, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(bytes, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

function firstDifference(one: Buffer, other: Buffer): number {
  const shorter = Math.min(one.byteLength, other.byteLength);
  for (let at = 0; at < shorter; at += 1) {
    if (one[at] !== other[at]) return at;
  }
  return shorter;
}

/** The entry that a position in the rewritten file belongs to. */
function placeOf(entries: readonly ZipEntry[], position: number): string {
  let end = 0;
  for (const { name, content } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    end += LOCAL.bytes + name.length + content.byteLength;
    if (position < end) return name;
  }
  return 'directory';
}

function bad(place: string, detail: string): LedgerError {
  return new LedgerError('ledger.badZip', place, { detail });
}

function tooLarge(place: string, detail: string): LedgerError {
  return new LedgerError('ledger.zipTooLarge', place, { detail: `There are ${detail}.` });
}
