import { hash } from 'node:crypto';
import fc from 'fast-check';
import { strFromU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readZip, writeZip, ZIP_LIMITS, type ZipEntry } from '../../src/ledger/index.ts';
import { refusalOf } from './support.ts';

const entry = (name: string, text = name): ZipEntry => ({ name, content: Buffer.from(text) });
const entries = [entry('run.json', '{"a":1}'), entry('entries/1.json', 'first'), entry('entries/0.json', '')];
const file = writeZip(entries);

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(file);
  change(bytes);
  return bytes;
}

/** The place of the directory, and of one header in it. */
const directory = Buffer.from(file).readUInt32LE(file.byteLength - 6);

describe('a zip', () => {
  it('is read again, sorted by name', () => {
    expect(readZip(file).map(({ name, content }) => [name, String(content)])).toEqual([
      ['entries/0.json', ''],
      ['entries/1.json', 'first'],
      ['run.json', '{"a":1}'],
    ]);
  });

  it('has bytes that will never change', () => {
    expect(hash('sha256', file)).toBe('2ce8f731ea245316ab2717c785fd6c1282c5a69841a64474f1f58ec9ca32eaa1');
    expect(Buffer.compare(writeZip([...entries].reverse()), file)).toBe(0);
  });

  it('is understood by other programs', () => {
    const read = Object.entries(unzipSync(file)).map(([name, content]) => [name, strFromU8(content)]);
    expect(Object.fromEntries(read)).toEqual({
      'entries/0.json': '',
      'entries/1.json': 'first',
      'run.json': '{"a":1}',
    });
  });

  it('may be empty', () => {
    expect(readZip(writeZip([]))).toEqual([]);
  });
});

describe('a zip that was changed', () => {
  it('is refused whatever bit it is', () => {
    const passed = [...file.keys()].flatMap((at) =>
      Array.from({ length: 8 }, (_, bit) =>
        changed((bytes) => (bytes[at] = (bytes[at] ?? 0) ^ (1 << bit))),
      ).filter((bytes) => refusalOf(() => readZip(bytes)) === undefined),
    );
    expect(passed).toEqual([]);
  });

  it('is refused with bytes cut out, put in or moved', () => {
    const bytes = Buffer.from(file);
    const at = fc.nat(file.byteLength);
    fc.assert(
      fc.property(at, at, fc.uint8Array({ maxLength: 40 }), (from, to, put) => {
        const [start, end] = [Math.min(from, to), Math.max(from, to)];
        const other = Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(end)]);
        return other.equals(bytes) || refusalOf(() => readZip(other)) !== undefined;
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused with the entry at which it differs', () => {
    const at = Buffer.from(file).indexOf('first');
    const place = refusalOf(() => readZip(changed((bytes) => bytes.write('F', at))))?.place;
    expect(place).toBe('entries/1.json');
  });

  it.each([
    { name: 'with something before it', bytes: Buffer.concat([Buffer.from('MZ'), file]) },
    { name: 'with something behind it', bytes: Buffer.concat([file, Buffer.from('\n')]) },
    { name: 'twice', bytes: Buffer.concat([file, file]) },
    {
      name: 'with a comment',
      bytes: Buffer.concat([changed((b) => b.writeUInt16LE(1, b.length - 2)), Buffer.of(0)]),
    },
    { name: 'cut off', bytes: file.subarray(0, file.byteLength - 1) },
    { name: 'with nothing', bytes: new Uint8Array() },
    { name: 'as noise', bytes: Buffer.alloc(500, 0x50) },
    { name: 'encrypted', bytes: changed((b) => b.writeUInt16LE(1, directory + 8)) },
    { name: 'with a missing entry', bytes: changed((b) => b.writeUInt16LE(2, b.length - 12)) },
    { name: 'with a directory far away', bytes: changed((b) => b.writeUInt32LE(0xfffffff0, b.length - 6)) },
    { name: 'with an entry far away', bytes: changed((b) => b.writeUInt32LE(0xfffffff0, directory + 42)) },
    { name: 'with a huge entry', bytes: changed((b) => b.writeUInt32LE(200_000_000, directory + 24)) },
    { name: 'packed by another program', bytes: zipSync({ 'a.txt': Buffer.from('text') }) },
    { name: 'compressed', bytes: zipSync({ 'a.txt': Buffer.alloc(5_000, 'a') }, { level: 9 }) },
  ])('is refused $name', ({ bytes }) => {
    expect(refusalOf(() => readZip(bytes))?.code).toBe('ledger.badZip');
  });

  it('is refused with entries that share their bytes', () => {
    const content = Buffer.alloc(10_000);
    const twice = Buffer.from(writeZip(['a', 'b'].map((name) => ({ name, content }))));
    const start = twice.readUInt32LE(twice.length - 6);
    const [header, end] = [twice.subarray(start, start + 47), twice.subarray(-22)];
    const bomb = Buffer.concat([twice.subarray(0, 10_031), ...Array.from({ length: 50 }, () => header), end]);
    bomb.writeUInt16LE(50, bomb.length - 12);
    bomb.writeUInt32LE(10_031, bomb.length - 6);
    expect(refusalOf(() => readZip(bomb))).toEqual({ code: 'ledger.badZip', place: 'entry 2' });
  });
});

describe('the names of a zip', () => {
  it.each([
    '',
    '/etc/passwd',
    '../up',
    'a/../../up',
    'a/./b',
    'a//b',
    'a/',
    'C:/x',
    'a\\b',
    'a b',
    '.hidden',
    'end.',
    'nul',
    'COM1.txt',
    'umlaut-\u00e4',
    'zero\u0000',
    'x'.repeat(241),
  ])('are never %j', (name) => {
    expect(refusalOf(() => writeZip([entry(name)]))?.code).toBe('ledger.badZip');
  });

  it.each([
    ['a', 'a'],
    ['a', 'A'],
    ['a', 'a/b'],
    ['A/b', 'a'],
    ['x/a', 'X/b'],
  ])('are never both %j and %j', (one, other) => {
    expect(refusalOf(() => writeZip([entry(one), entry(other)]))?.code).toBe('ledger.badZip');
  });

  it('do not escape from a file of somebody else', () => {
    const evil = Buffer.from(writeZip([entry('aa/bb', 'text')]));
    const bytes = Buffer.from(evil.toString('latin1').replaceAll('aa/bb', '../bb'), 'latin1');
    expect(refusalOf(() => readZip(bytes))).toEqual({ code: 'ledger.badZip', place: 'entry 1' });
  });
});

describe('the limits of a zip', () => {
  it.each([
    { name: 'entries', limits: { ...ZIP_LIMITS, entries: 2 } },
    { name: 'bytes of one entry', limits: { ...ZIP_LIMITS, entryBytes: 6 } },
    { name: 'bytes of all', limits: { ...ZIP_LIMITS, totalBytes: 11 } },
  ])('hold for $name, when writing and when reading', ({ limits }) => {
    expect(refusalOf(() => writeZip(entries, limits))?.code).toBe('ledger.zipTooLarge');
    expect(refusalOf(() => readZip(file, limits))?.code).toBe('ledger.zipTooLarge');
  });
});
