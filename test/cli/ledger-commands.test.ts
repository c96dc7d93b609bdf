import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WitnessRunOptions } from '../../src/cli/stack-door.ts';
import { formatVerifierKey, ledgerLines, signCheckpoint, signerKey } from '../../src/ledger/index.ts';
import { leafHash, rootOf } from '../../src/merkle/index.ts';
import { canonicalJson } from '../../src/model/json.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';

const newKey = () => signerKey('muster/ledger', 'ed25519', generateKeyPairSync('ed25519').privateKey);
const SIGNER = newKey();
const KEY = formatVerifierKey(SIGNER);

const ENTRIES = ['a', 'b'].map((id, position) => {
  const said = { v: 1, kind: 'freeze.lifted', key: `freeze/${id}/lifted`, at: 1, id, actor: 'anna' };
  return { position, text: canonicalJson(said) };
});

/** A checkpoint over so many of the entries. */
const sealed = (size: number, keys = [SIGNER]): string => {
  const root = rootOf(ENTRIES.slice(0, size).map(({ text }) => leafHash(text)));
  return signCheckpoint({ origin: 'muster/ledger', size, root, extensions: [] }, keys);
};

const codeOf = (stdout: string): string | undefined =>
  (JSON.parse(stdout) as { problem?: { code: string } }).problem?.code;

/** What is said of a file of both entries with these checkpoints. */
async function verifiedFile(checkpoints: readonly string[], ...more: string[]) {
  const cwd = await mkdtemp(join(tmpdir(), 'muster-ledger-'));
  const copy = { origin: 'muster/ledger', key: KEY, checkpoints, entries: ENTRIES };
  await writeFile(join(cwd, 'copy.jsonl'), [...ledgerLines(copy)].join(''));
  const args = ['ledger', 'verify', 'copy.jsonl', '--key', KEY, '--json', ...more];
  const { code, stdout } = await runMuster(args, { cwd });
  return [code, codeOf(stdout)];
}

/** What is said of a running ledger of both entries with checkpoints of these sizes. */
async function verifiedRunning(sizes: readonly number[]) {
  const muster = fakeMuster({
    ledger: async () => ({ origin: 'muster/ledger', key: KEY, size: 2, root: '', witnesses: [] }),
    ledgerEntries: async () => ENTRIES,
    ledgerCheckpoints: async () => sizes.map((size) => ({ size, note: sealed(size), signedAt: 1 })),
  });
  const { code, stdout } = await runMuster(['ledger', 'verify', '--key', KEY, '--json'], { muster });
  return [code, codeOf(stdout)];
}

describe('ledger verify', () => {
  it('takes a file or a database, not both', async () => {
    const ended = await runMuster(['ledger', 'verify', 'x.jsonl', '--database', 'postgres://x', '--json']);
    expect([ended.code, ended.stdout]).toEqual([2, expect.stringContaining('cli.usage')]);
  });

  it('says that it was not given a key, and whose it has used', async () => {
    const muster = fakeMuster({
      ledger: async () => ({ origin: 'muster/ledger', key: KEY, size: 0, root: '', witnesses: [] }),
    });
    const { stdout } = await runMuster(['ledger', 'verify'], { muster });
    expect(stdout).toContain('The key is the one that the ledger itself was shown with');
  });

  it('does not believe a ledger that nobody has signed, in a file or running', async () => {
    expect(await verifiedFile([], '--allow-unsigned')).toEqual([2, 'evidence.notSealed']);
    expect(await verifiedRunning([])).toEqual([2, 'evidence.notSealed']);
  });

  it('takes a file that is signed to its end', async () => {
    expect(await verifiedFile([sealed(1), sealed(2)])).toEqual([0, undefined]);
  });

  it('takes entries behind the last checkpoint from a running ledger', async () => {
    expect(await verifiedRunning([1])).toEqual([0, undefined]);
  });

  it('takes them from a file only when told to', async () => {
    expect(await verifiedFile([sealed(1)])).toEqual([2, 'evidence.notSealed']);
    expect(await verifiedFile([sealed(1)], '--allow-unsigned')).toEqual([0, undefined]);
  });

  it('takes signatures of witnesses that nobody named, and tells how many', async () => {
    expect(await verifiedFile([sealed(2, [SIGNER, newKey()])])).toEqual([0, undefined]);
  });
});

describe('ledger witness', () => {
  const witness = ['ledger', 'witness', '--folder', '/w', '--ledger', KEY];

  it('listens on this machine, and is called after the ledger', async () => {
    const asked: WitnessRunOptions[] = [];
    await runMuster(witness, {
      stack: {
        runWitness: async (options) => {
          asked.push(options);
          return 0;
        },
      },
    });
    expect(asked).toMatchObject([
      { folder: '/w', name: 'muster/ledger/witness', origin: 'muster/ledger', host: '127.0.0.1', port: 8484 },
    ]);
  });

  it.each([
    ['without a folder', ['ledger', 'witness', '--ledger', KEY]],
    ['without a key of the ledger', ['ledger', 'witness', '--folder', '/w']],
    ['with half a certificate', [...witness, '--cert', 'c.pem']],
    ['without a port', [...witness, '--listen', 'localhost']],
  ])('does not start %s', async (_, args) => {
    const { code, stdout } = await runMuster([...args, '--json']);
    expect([code, stdout]).toEqual([2, expect.stringContaining('cli.usage')]);
  });
});

describe('ledger rotate', () => {
  it('lets both keys sign for thirty days, or as long as is said', async () => {
    const muster = fakeMuster();
    await runMuster(['ledger', 'rotate'], { muster });
    await runMuster(['ledger', 'rotate', '--overlap', '12h'], { muster });
    const rotated = muster.calls.filter(([operation]) => operation === 'rotateLedgerKey');
    expect(rotated.map(([, request]) => request)).toEqual([
      { bothMs: 30 * 86_400_000 },
      { bothMs: 43_200_000 },
    ]);
  });
});
