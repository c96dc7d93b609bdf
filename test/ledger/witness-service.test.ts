import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWitnessService, fileWitness, makeFileWitness } from '../../src/ledger/index.ts';
import { newKey, TestLedger } from './support.ts';

async function newService(ledger: TestLedger) {
  const folder = join(await mkdtemp(join(tmpdir(), 'muster-witness-')), 'w');
  const key = await makeFileWitness(folder, 'witness');
  const known = ledger.known;
  return createWitnessService({
    witness: fileWitness({ folder, keys: [key], ledger: known }),
    ledger: known,
  });
}

function asked(ledger: TestLedger, from: number, to: number, note = ledger.checkpoint(to)): string {
  const proof = from === 0 || from >= to ? [] : ledger.prove(from, to);
  const hashes = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
  return `old ${from}\n${hashes}\n${note}`;
}

describe('a witness', () => {
  it('cosigns what continues what it knows', async () => {
    const ledger = new TestLedger(9);
    const service = await newService(ledger);
    const replies = [await service(asked(ledger, 0, 4)), await service(asked(ledger, 4, 9))];
    expect(replies.map(({ status, body }) => `${status} ${body.startsWith('\u2014 witness ')}`)).toEqual([
      '200 true',
      '200 true',
    ]);
  });

  it('refuses a ledger that has become smaller, and says which size it knows', async () => {
    const ledger = new TestLedger(9);
    const service = await newService(ledger);
    await service(asked(ledger, 0, 9));
    expect(await service(asked(ledger, 4, 5))).toEqual({
      status: 409,
      type: 'text/x.tlog.size',
      body: '9\n',
    });
  });

  it('refuses another ledger of the same size', async () => {
    const ledger = new TestLedger(5);
    const service = await newService(ledger);
    await service(asked(ledger, 0, 5));
    ledger.leaves.splice(2, 1, new TestLedger(1, 'other').leaves[0] ?? Buffer.alloc(32));
    expect((await service(asked(ledger, 5, 5))).status).toBe(409);
  });

  it('refuses a proof that does not lead there', async () => {
    const ledger = new TestLedger(9);
    const service = await newService(ledger);
    await service(asked(ledger, 0, 4));
    const other = new TestLedger(9, 'other');
    const request = asked(other, 4, 9, ledger.checkpoint(9));
    expect((await service(request)).status).toBe(422);
  });

  it('does not know other ledgers, and other keys', async () => {
    const ledger = new TestLedger(4);
    const service = await newService(ledger);
    const stranger = ledger.checkpoint(4, [newKey('muster.example/ledger')]);
    const elsewhere = ledger.checkpoint(4).replace('muster.example/ledger', 'other.example/ledger');
    const replies = [
      await service(asked(ledger, 0, 4, elsewhere)),
      await service(asked(ledger, 0, 4, stranger)),
    ];
    expect(replies.map(({ status }) => status)).toEqual([404, 403]);
  });

  it.each([
    ['nothing', ''],
    ['no size', 'old x\n\nnote'],
    ['a hash that is none', 'old 1\nAAAA\n\nnote'],
    ['no checkpoint', 'old 0\n\nnote'],
    ['more hashes than any proof has', `old 1\n${`${'A'.repeat(43)}=\n`.repeat(64)}\nnote`],
  ])('refuses a request with %s', async (_, body) => {
    const service = await newService(new TestLedger(1));
    expect((await service(body)).status).toBe(400);
  });
});
