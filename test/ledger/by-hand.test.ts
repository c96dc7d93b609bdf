import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatVerifierKey, readZip, writeZip } from '../../src/ledger/index.ts';
import { ledgerKey } from './evidence-keys.ts';
import { evidenceBundle } from './evidence-run.ts';
import { newKey, ORIGIN } from './support.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'evidence.md'), 'utf8');
const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code).join('\n');
const { bytes, evidence } = await evidenceBundle();

/** Runs what the page says, and nothing else, in an empty folder. */
function byHand({
  bundle = bytes,
  key = formatVerifierKey(ledgerKey),
  more = {},
}: {
  readonly bundle?: Uint8Array;
  readonly key?: string;
  readonly more?: { readonly [name: string]: string };
} = {}): { readonly status: number | null; readonly said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'muster-by-hand-'));
  const file = join(folder, 'evidence.zip');
  writeFileSync(file, bundle);
  const { PATH = '' } = process.env;
  const env = { PATH, BUNDLE: file, LEDGER_KEY: key, ...more };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', commands], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

/** The bundle with another file, in good form. */
function withFile(name: string, content: string): Uint8Array {
  return writeZip(
    readZip(bytes).map((file) => (file.name === name ? { name, content: Buffer.from(content) } : file)),
  );
}

describe('a bundle that is verified by hand, with the commands of the page', () => {
  const good = byHand();

  it('holds', () => {
    expect(good).toMatchObject({ status: 0 });
  });

  it('has three good signatures', () => {
    expect(good.said.match(/Signature Verified Successfully/g)).toHaveLength(3);
  });

  it('has all its files, its entry and its vote', () => {
    for (const part of ['all digests hold', 'no other file', 'is in the ledger', '"person": "boris"']) {
      expect(good.said).toContain(part);
    }
  });

  it.each([2, 16, evidence.entries.length])('holds for entry %i', (line) => {
    expect(byHand({ more: { LINE: String(line) } }).said).toContain('is in the ledger');
  });

  it('does not hold with another key', () => {
    expect(byHand({ key: formatVerifierKey(newKey(ORIGIN)) }).status).not.toBe(0);
  });

  it('does not hold with another file', () => {
    expect(byHand({ bundle: withFile('inputs.json', '{"plan":"OTHER"}') }).said).toContain(
      'inputs.json: FAILED',
    );
  });
});
