import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createLibrary,
  compileRunbook,
  readRunbookFile,
  RunbookFileError,
} from '../../src/language/index.ts';
import { measuringStalls } from './stalls.ts';
import { HEAD } from './support.ts';

const stalling = measuringStalls('hostile libraries');

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'muster-files-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function codeOf(path: string): Promise<string> {
  try {
    await readRunbookFile(path);
    return 'read';
  } catch (error) {
    return error instanceof RunbookFileError ? error.code : String(error);
  }
}

describe('what is no runbook file', () => {
  it.each<[string, string, (path: string) => Promise<unknown>]>([
    ['a file that is not there', 'FILE_NOT_FOUND', async () => undefined],
    ['a folder', 'FILE_NOT_REGULAR', (path) => mkdir(path)],
    ['a pipe, which nobody writes into', 'FILE_NOT_REGULAR', async (path) => execFileSync('mkfifo', [path])],
    ['a device without an end', 'FILE_NOT_REGULAR', (path) => symlink('/dev/zero', path)],
    ['a link to itself', 'FILE_UNREADABLE', (path) => symlink(path, path)],
    ['bytes that are no UTF-8', 'FILE_NOT_UTF8', (path) => writeFile(path, Buffer.from([0x61, 0xff, 0xfe]))],
    ['a text in UTF-16', 'FILE_NOT_UTF8', (path) => writeFile(path, Buffer.from('\ufeffname: a', 'utf16le'))],
    ['a gigabyte that takes no place', 'FILE_TOO_LARGE', (path) => sparse(path)],
  ])('is refused: %s', async (_, expected, make) => {
    const path = join(await folder(), 'runbook.yaml');
    await make(path);
    expect(await codeOf(path)).toBe(expected);
  });

  it('is refused when its name holds a NUL', async () => {
    expect(await codeOf(join(await folder(), 'a\0b.yaml'))).toBe('FILE_UNREADABLE');
  });
});

async function sparse(path: string): Promise<void> {
  await writeFile(path, '');
  await truncate(path, 1_024 ** 3);
}

describe('runbooks that run each other', () => {
  const runbook = (name: string, runs: string): string =>
    `apiVersion: muster/v1\nname: ${name}\nsteps: [{ id: a, runbook: ${runs} }]\n`;
  const compiledWith = (texts: Readonly<Record<string, string>>, first: string) =>
    compileRunbook({
      text: runbook('main', first),
      file: 'main.yaml',
      library: createLibrary(texts, () => 'digest'),
    });
  const leaf = 'apiVersion: muster/v1\nname: leaf\nsteps: [{ id: a, wait: 1s }]\n';

  it.each([
    ['one that runs itself', { one: runbook('one', 'one') }],
    ['two that run each other', { one: runbook('one', 'two'), two: runbook('two', 'one') }],
    ['one whose text is no YAML', { one: '['.repeat(5_000) }],
  ])('are refused: %s', (_, texts) => {
    const { diagnostics } = stalling(() => compiledWith(texts, 'one'));
    expect(diagnostics.map(({ code }) => code)).toEqual(['UNKNOWN_RUNBOOK']);
  });

  it('are refused in a chain of a thousand, with the process alive', () => {
    const texts = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, n) => [`r${n}`, n === 999 ? leaf : runbook(`r${n}`, `r${n + 1}`)]),
    );
    const { diagnostics } = stalling(() => compiledWith(texts, 'r0'));
    expect(diagnostics.map(({ code }) => code)).toEqual(['UNKNOWN_RUNBOOK']);
  });

  it('are refused where each runs the next many times, soon', () => {
    const next = (n: number): string =>
      `steps: [${Array.from({ length: 20 }, (_, i) => `{ id: a${i}, runbook: r${(n + 1) % 9} }`).join(', ')}]`;
    const texts = Object.fromEntries(
      Array.from({ length: 9 }, (_, n) => [`r${n}`, `apiVersion: muster/v1\nname: r${n}\n${next(n)}\n`]),
    );
    const { diagnostics } = stalling(() => compiledWith(texts, 'r0'));
    expect(diagnostics.map(({ code }) => code)).toEqual(['UNKNOWN_RUNBOOK']);
  });

  it('cannot smuggle a template into a name', () => {
    const { diagnostics } = compileRunbook({
      text: `${HEAD}- { id: a, runbook: '\${{ inputs.plan }}' }\n`,
      file: 'x',
    });
    expect(diagnostics.map(({ severity }) => severity)).toContain('error');
  });
});
