import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import {
  askWitness,
  fileWitness,
  formatSignature,
  httpsWitness,
  makeFileWitness,
  parseNote,
  signNote,
  type SignerKey,
} from '../../src/ledger/index.ts';
import { newKey, TestLedger } from './support.ts';
import { serve, serveWitness, type Served } from './witness-server.ts';

const folder = await mkdtemp(join(tmpdir(), 'muster-https-witness-'));
const served: Served[] = [];
afterAll(async () => {
  await Promise.all(served.map((server) => server.close()));
  await rm(folder, { recursive: true });
});

const key = newKey('witness.example/w1', 'cosignature/v1');
const ledger = new TestLedger(20);
const checkpoint = ledger.checkpoint();

/** Asks a server that answers always the same. */
async function answered(status: number, body: string | Uint8Array, knownSize?: number): Promise<unknown> {
  const server = await serve((_, response) => {
    response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body);
  });
  served.push(server);
  const witness = httpsWitness({ url: server.url, keys: [key], send: fetch });
  return askWitness(witness, {
    checkpoint,
    prove: ledger.prove,
    ...(knownSize !== undefined && { knownSize }),
  }).catch((error: unknown) => error);
}

function cosignedBy(signer: SignerKey, text = parseNote(checkpoint).text): string {
  return signNote(text, [signer], 1_700_000_000).signatures.map(formatSignature).join('');
}

describe('a witness over the network', () => {
  it('is asked again from the size that it names', async () => {
    const own = await makeFileWitness(folder, 'witness.example/file');
    const file = fileWitness({ folder, keys: [own], ledger: ledger.known });
    await askWitness(file, { checkpoint: ledger.checkpoint(7), prove: ledger.prove });
    const server = await serveWitness(file);
    served.push(server);
    const witness = httpsWitness({ url: `${server.url}/`, keys: [own], send: fetch });
    expect(await askWitness(witness, { checkpoint, prove: ledger.prove })).toMatchObject([
      { name: 'witness.example/file' },
    ]);
    const proof = ledger.prove(7, 20).map((hash) => Buffer.from(hash).toString('base64'));
    expect(server.requests).toEqual([
      `POST /w/add-checkpoint\nold 0\n\n${checkpoint}`,
      `POST /w/add-checkpoint\n${['old 7', ...proof].join('\n')}\n\n${checkpoint}`,
    ]);
  });

  it('is believed by its own signatures only', async () => {
    const both = `${cosignedBy(newKey('stranger', 'cosignature/v1'))}${cosignedBy(key)}`;
    expect(await answered(200, both)).toMatchObject([{ name: key.name, keyId: key.keyId }]);
  });

  it.each([
    { status: 200, body: '' },
    { status: 200, body: 'thank you\n' },
    { status: 200, body: cosignedBy(newKey(key.name, 'cosignature/v1')) },
    { status: 200, body: cosignedBy(key, 'another text\n') },
    { status: 200, body: cosignedBy(key).slice(0, -1) },
    { status: 200, body: Buffer.of(0xff, 0xfe) },
    { status: 200, body: 'x'.repeat(200_000) },
    { status: 409, body: '0\n' },
    { status: 409, body: 'many\n' },
    { status: 302, body: '' },
  ])('is not believed when it answers $status $body', async ({ status, body }) => {
    expect(await answered(status, body)).toMatchObject({ code: 'witness.badAnswer' });
  });

  it.each([
    { status: 409, body: '21\n', knownSize: 0, code: 'witness.rollback' },
    { status: 409, body: '20\n', knownSize: 20, code: 'witness.splitView' },
    { status: 409, body: '', knownSize: 20, code: 'witness.splitView' },
    { status: 422, body: '', knownSize: 5, code: 'witness.splitView' },
    { status: 400, body: '', knownSize: 0, code: 'witness.refused' },
    { status: 403, body: '', knownSize: 0, code: 'witness.refused' },
    { status: 404, body: '', knownSize: 0, code: 'witness.refused' },
    { status: 429, body: '', knownSize: 0, code: 'witness.unreachable' },
    { status: 503, body: '', knownSize: 0, code: 'witness.unreachable' },
  ])('means $code with $status and $body', async ({ status, body, knownSize, code }) => {
    expect(await answered(status, body, knownSize)).toMatchObject({ code });
  });

  it('is given up when it does not answer in time', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200).write('\u2014 ');
    });
    served.push(server);
    const witness = httpsWitness({ url: server.url, keys: [key], send: fetch, timeoutMs: 100 });
    await expect(askWitness(witness, { checkpoint, prove: ledger.prove })).rejects.toMatchObject({
      code: 'witness.unreachable',
    });
  });

  it('is unreachable where nobody listens', async () => {
    const server = await serve(() => undefined);
    await server.close();
    const witness = httpsWitness({ url: server.url, keys: [key], send: fetch });
    await expect(askWitness(witness, { checkpoint, prove: ledger.prove })).rejects.toMatchObject({
      code: 'witness.unreachable',
    });
  });

  it('may be asked several times while others ask it', async () => {
    const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const server = await serve((_, response) => {
      response.writeHead(409).end(`${sizes.shift() ?? 0}\n`);
    });
    served.push(server);
    const witness = httpsWitness({ url: server.url, keys: [key], send: fetch });
    await expect(askWitness(witness, { checkpoint, prove: ledger.prove })).rejects.toMatchObject({
      code: 'witness.unreachable',
    });
  });

  it.each([
    'http://witness.example/',
    'ftp://witness.example/',
    'https://user:s3cret@witness.example/',
    'https://witness.example/?token=s3cret',
    's3cret',
  ])('never has the address %s, and no password is told', (url) => {
    try {
      httpsWitness({ url, keys: [key], send: fetch });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'witness.badAddress' });
      expect(inspect(error)).not.toContain('s3cret');
    }
  });
});
