import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { WitnessRunOptions } from '../../src/cli/stack-door.ts';
import { formatVerifierKey, makeFileWitness } from '../../src/ledger/index.ts';
import { runWitness } from '../../src/stack/run-witness.ts';
import { ORIGIN, TestLedger } from '../ledger/support.ts';

const NAME = 'w.example/witness';

/** A ledger, an empty folder, and the key of a witness in a place of its own. */
async function newPlace() {
  const root = await mkdtemp(join(tmpdir(), 'muster-witness-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, 'storage');
  await mkdir(folder);
  await makeFileWitness(join(root, 'keys'), NAME);
  return { ledger: new TestLedger(9), folder, keyFile: join(root, 'keys', 'witness-key.pem') };
}

/** Runs a witness until it is stopped, or the test ends. Resolves when it listens. */
async function started(
  ledger: TestLedger,
  options: Pick<WitnessRunOptions, 'folder'> & Partial<Pick<WitnessRunOptions, 'keyFile' | 'isNew'>>,
) {
  const stopping = new AbortController();
  const { url, running } = await new Promise<{ url: string; running: Promise<0> }>((resolve, reject) => {
    const ended = runWitness({
      isNew: false,
      ...options,
      name: NAME,
      origin: ORIGIN,
      ledgerKeys: [formatVerifierKey(ledger.key)],
      host: '127.0.0.1',
      port: 0,
      signal: stopping.signal,
      onListening: (witness) => resolve({ url: witness.url, running: ended }),
      onAnswer: () => undefined,
    });
    ended.catch(reject);
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
  };
  onTestFinished(stop);
  return {
    stop,
    /** The status of the answer to a checkpoint over this many entries, from this size on. */
    async asked(from: number, to: number): Promise<number> {
      const proof = from === 0 ? [] : ledger.prove(from, to);
      const hashes = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
      const body = `old ${from}\n${hashes}\n${ledger.checkpoint(to)}`;
      return (await fetch(`${url}/add-checkpoint`, { method: 'POST', body })).status;
    },
  };
}

describe('a witness whose key is not in its folder', () => {
  test('does not start over an empty folder, which may be storage that is not mounted', async () => {
    const { ledger, folder, keyFile } = await newPlace();
    await expect(started(ledger, { folder, keyFile })).rejects.toMatchObject({
      code: 'witness.refused',
      message: expect.stringContaining('--new') as string,
    });
  });

  test('begins there when it is told that it is new, and goes on without being told', async () => {
    const { ledger, folder, keyFile } = await newPlace();
    const first = await started(ledger, { folder, keyFile, isNew: true });
    expect(await first.asked(0, 4)).toBe(200);
    await first.stop();
    const second = await started(ledger, { folder, keyFile });
    expect([await second.asked(0, 9), await second.asked(4, 9)]).toEqual([409, 200]);
  });

  test('does not begin again when what it has cosigned is gone while it runs', async () => {
    const { ledger, folder, keyFile } = await newPlace();
    const witness = await started(ledger, { folder, keyFile, isNew: true });
    await witness.asked(0, 9);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    expect(await witness.asked(0, 4)).toBe(503);
  });

  test('nor when it was gone before anybody asked', async () => {
    const { ledger, folder, keyFile } = await newPlace();
    const first = await started(ledger, { folder, keyFile, isNew: true });
    await first.asked(0, 9);
    await first.stop();
    const second = await started(ledger, { folder, keyFile });
    await rm(folder, { recursive: true });
    expect(await second.asked(0, 4)).toBe(503);
  });
});

describe('a witness whose key is in its folder', () => {
  test('makes it in an empty folder, and nowhere else', async () => {
    const { ledger, folder } = await newPlace();
    const witness = await started(ledger, { folder });
    expect(await witness.asked(0, 4)).toBe(200);
    await witness.stop();
    await rm(join(folder, 'witness-key.pem'));
    await expect(started(ledger, { folder })).rejects.toMatchObject({ code: 'witness.refused' });
  });
});
