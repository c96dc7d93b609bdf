import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  askWitness,
  fileWitness,
  makeFileWitness,
  openCheckpoint,
  withSignatures,
  type VerifierKey,
  type Witness,
} from '../../src/ledger/index.ts';
import { newKey, TestLedger } from './support.ts';

const root = await mkdtemp(join(tmpdir(), 'muster-witness-'));
afterAll(() => rm(root, { recursive: true }));

interface Stage {
  readonly folder: string;
  readonly key: VerifierKey;
  readonly ledger: TestLedger;
  readonly witness: Witness;
}

async function stage(name: string, entries = 20): Promise<Stage> {
  const folder = join(root, name);
  const key = await makeFileWitness(folder, 'witness.example/vault');
  const ledger = new TestLedger(entries);
  const witness = fileWitness({ folder, keys: [key], ledger: ledger.known, now: () => 1_700_000_000_000 });
  return { folder, key, ledger, witness };
}

/** All that a witness keeps beside its key. */
async function keptIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('checkpoint'));
}

describe('a file witness', () => {
  it('cosigns what continues, and keeps the newest only', async () => {
    const { folder, key, ledger, witness } = await stage('continues');
    for (const size of [0, 3, 3, 8, 20]) {
      const checkpoint = ledger.checkpoint(size);
      const lines = await askWitness(witness, { checkpoint, prove: ledger.prove });
      const opened = openCheckpoint(withSignatures(checkpoint, lines), { ...ledger.known, witnesses: [key] });
      expect(opened.cosigned).toMatchObject([{ at: 1_700_000_000 }]);
    }
    const [kept = '', ...more] = await keptIn(folder);
    expect(more).toEqual([]);
    expect(await readFile(join(folder, kept), 'utf8')).toContain('\n20\n');
  });

  it('finds a ledger that was put back', async () => {
    const { ledger, witness } = await stage('rollback');
    await askWitness(witness, { checkpoint: ledger.checkpoint(20), prove: ledger.prove });
    const asked = askWitness(witness, {
      checkpoint: ledger.checkpoint(12),
      prove: ledger.prove,
      knownSize: 12,
    });
    await expect(asked).rejects.toMatchObject({ code: 'witness.rollback', knownSize: 20 });
  });

  it('finds a ledger that was written anew and has grown since', async () => {
    const { ledger, witness } = await stage('fork');
    await askWitness(witness, { checkpoint: ledger.checkpoint(12), prove: ledger.prove });
    const [changed] = new TestLedger(1, 'other').leaves;
    if (changed !== undefined) ledger.leaves[7] = changed;
    const asked = askWitness(witness, { checkpoint: ledger.checkpoint(20), prove: ledger.prove });
    await expect(asked).rejects.toMatchObject({ code: 'witness.splitView' });
  });

  it('finds two ledgers of the same size', async () => {
    const { ledger, witness } = await stage('split');
    await askWitness(witness, { checkpoint: ledger.checkpoint(12), prove: ledger.prove });
    const [changed] = new TestLedger(1, 'other').leaves;
    if (changed !== undefined) ledger.leaves[7] = changed;
    const asked = askWitness(witness, {
      checkpoint: ledger.checkpoint(12),
      prove: ledger.prove,
      knownSize: 12,
    });
    await expect(asked).rejects.toMatchObject({ code: 'witness.splitView' });
  });

  it('refuses a ledger whose key it does not know', async () => {
    const { ledger, witness } = await stage('stranger');
    const checkpoint = ledger.checkpoint(5, [newKey('muster.example/ledger')]);
    const asked = askWitness(witness, { checkpoint, prove: ledger.prove });
    await expect(asked).rejects.toMatchObject({ code: 'witness.refused' });
  });

  it('goes on when the ledger has a new key', async () => {
    const { folder, key, ledger, witness } = await stage('rotation');
    await askWitness(witness, { checkpoint: ledger.checkpoint(5), prove: ledger.prove });
    const next = newKey('muster.example/ledger');
    const later = fileWitness({ folder, keys: [key], ledger: { ...ledger.known, ledger: [next] } });
    const asked = askWitness(later, { checkpoint: ledger.checkpoint(9, [next]), prove: ledger.prove });
    await expect(asked).resolves.toHaveLength(1);
  });

  it('lets one of many at once win each step, and never goes back', async () => {
    const { folder, ledger, witness } = await stage('race', 40);
    const sizes = Array.from({ length: 40 }, (_, at) => at + 1);
    const asked = await Promise.allSettled(
      sizes.map((size) => askWitness(witness, { checkpoint: ledger.checkpoint(size), prove: ledger.prove })),
    );
    const lost = asked.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(lost.filter((error) => !isBehind(error))).toEqual([]);
    const [kept = ''] = await keptIn(folder);
    const won = sizes.filter((_, at) => asked[at]?.status === 'fulfilled');
    expect(await readFile(join(folder, kept), 'utf8')).toContain(`\n${Math.max(...won)}\n`);
  });

  it('is not there while its storage is not', async () => {
    const { folder, ledger, witness } = await stage('unmounted');
    await rm(folder, { recursive: true });
    const asked = askWitness(witness, { checkpoint: ledger.checkpoint(5), prove: ledger.prove });
    await expect(asked).rejects.toMatchObject({ code: 'witness.unreachable', place: folder });
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is not believed with another key than the configured one', async () => {
    const { folder, ledger, witness } = await stage('emptied');
    await rm(folder, { recursive: true });
    await makeFileWitness(folder, 'witness.example/vault');
    const asked = askWitness(witness, { checkpoint: ledger.checkpoint(5), prove: ledger.prove });
    await expect(asked).rejects.toMatchObject({ code: 'witness.badAnswer' });
  });

  it('is not believed when what it keeps was changed', async () => {
    const { folder, ledger, witness } = await stage('changed');
    await askWitness(witness, { checkpoint: ledger.checkpoint(12), prove: ledger.prove });
    const [kept = ''] = await keptIn(folder);
    const path = join(folder, kept);
    await writeFile(path, (await readFile(path, 'utf8')).replace('\n12\n', '\n4\n'));
    const asked = askWitness(witness, { checkpoint: ledger.checkpoint(12), prove: ledger.prove });
    await expect(asked).rejects.toMatchObject({ code: 'witness.badAnswer' });
  });

  it('ignores what a killed process left', async () => {
    const { folder, ledger, witness } = await stage('killed');
    await askWitness(witness, { checkpoint: ledger.checkpoint(5), prove: ledger.prove });
    const [kept = ''] = await keptIn(folder);
    await writeFile(join(folder, kept, '..', '..', 'draft-x'), '');
    const asked = askWitness(witness, {
      checkpoint: ledger.checkpoint(9),
      prove: ledger.prove,
      knownSize: 5,
    });
    await expect(asked).resolves.toHaveLength(1);
  });

  it('has a key that only its owner reads, and that is made once', async () => {
    const { folder } = await stage('key');
    expect((await stat(join(folder, 'witness-key.pem'))).mode & 0o777).toBe(0o600);
    await expect(makeFileWitness(folder, 'again')).rejects.toMatchObject({ code: 'witness.refused' });
  });
});

/** Of those who ask at once, the smaller ones are behind; whoever meets another size each time may ask later. */
function isBehind(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'witness.rollback' || code === 'witness.unreachable';
}
