import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { httpsWitness, parseVerifierKey, sealLedger, verifyBundle } from '../../src/ledger/index.ts';
import { openLedger } from '../../src/stack/open-ledger.ts';
import { openData } from '../../src/stack/data.ts';
import { runWitness } from '../../src/stack/run-witness.ts';
import { runMuster, type Setting } from '../cli/run-muster.ts';
import { statement } from '../support/postgres.ts';
import { approve, runbookOf, stageForTest, type Stage } from '../support/stage.ts';

const GATED = runbookOf(`
steps:
  - { id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 1 }], covers: [check] } }
  - { id: check, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }
`);

/** The one that ships, with somebody who looks after the system. */
async function configured(more = ''): Promise<string> {
  const shipped = await readFile('muster.yaml', 'utf8');
  const people = '\npeople:\n  root: { name: Rita Root, roles: [admin] }\n';
  return `${shipped.replace(/\npeople:\n/, people)}\n${more}`;
}

async function ran(stage: Stage): Promise<string> {
  const runId = await stage.start(GATED);
  await approve(stage, runId, 'go', 'boris');
  await stage.ended(runId);
  await stage.muster.result(runId);
  return runId;
}

async function asked(
  stage: Stage,
  args: readonly string[],
  { as = 'anna', ...setting }: Setting & { as?: string } = {},
) {
  const { code, stdout, stderr } = await runMuster([...args, '--json'], {
    muster: stage.muster.as(as),
    cwd: stage.folder,
    ...setting,
  });
  return { code, stderr, answer: JSON.parse(stdout) as Record<string, unknown> };
}

describe('the whole ledger', { timeout: 120_000 }, () => {
  test('verifies over the operations, in a database, and offline', async () => {
    const stage = await stageForTest();
    await ran(stage);
    const { sealing } = stage.data;
    await sealLedger(sealing);
    const { key } = await stage.muster.ledger();
    const entries = (await sealing.store.head()).size;
    const online = await asked(stage, ['ledger', 'verify', '--key', key]);
    expect(online).toMatchObject({ code: 0, answer: { ok: true, entries, unsigned: 0, checkpoints: 1 } });
    const inDatabase = ['ledger', 'verify', '--key', key, '--database', stage.databaseUrl];
    expect(await asked(stage, inDatabase, { stack: { openLedger } })).toMatchObject({
      code: 0,
      answer: { entries },
    });
    await asked(stage, ['ledger', 'export', '-o', 'copy.jsonl']);
    expect(await asked(stage, ['ledger', 'verify', 'copy.jsonl', '--key', key])).toMatchObject({
      code: 0,
      answer: { entries },
    });
  });

  test('does not verify once a row was changed behind its back', async () => {
    const stage = await stageForTest();
    await ran(stage);
    await sealLedger(stage.data.sealing);
    const { key } = await stage.muster.ledger();
    await statement(
      stage.databaseUrl,
      `ALTER TABLE ledger DISABLE TRIGGER ALL;
       UPDATE ledger SET entry = replace(entry, '"actor":"anna"', '"actor":"elsa"') WHERE position = 0;`,
    );
    expect(await asked(stage, ['ledger', 'verify', '--key', key])).toMatchObject({
      code: 2,
      answer: { ok: false, problem: { code: 'evidence.wrongRoot', position: 0 } },
    });
  });

  test('is not read by whoever may not read the evidence of all runs', async () => {
    const stage = await stageForTest();
    expect(await asked(stage, ['ledger', 'export'], { as: 'boris' })).toMatchObject({
      code: 2,
      answer: { error: { code: 'identity.notAllowed' } },
    });
  });
});

describe('a new key of the ledger', { timeout: 120_000 }, () => {
  test('is believed by whoever has the old one, of the ledger and of a bundle', async () => {
    const stage = await stageForTest({ config: await configured() });
    const { key: old } = await stage.muster.ledger();
    await ran(stage);
    const { answer } = await asked(stage, ['ledger', 'rotate'], { as: 'root' });
    const { key: now } = await stage.muster.ledger();
    expect(answer).toMatchObject({ oldKey: old, newKey: now });
    const bytes = await stage.muster.as('anna').evidence(await ran(stage));
    const options = { origin: 'muster/ledger', ledgerKeys: [parseVerifierKey(old)] };
    const verdict = verifyBundle(bytes, options);
    expect(verdict.ok && verdict.trusted.map(({ code }) => code)).toContain('keyChange');
    expect(await asked(stage, ['ledger', 'verify', '--key', old])).toMatchObject({ code: 0 });
    expect(await asked(stage, ['ledger', 'verify', '--key', now])).toMatchObject({ code: 0 });
  });

  test('is taken up by every process, also one that was there before', async () => {
    const stage = await stageForTest({ config: await configured() });
    const dataDir = join(stage.folder, 'data');
    const configFile = join(stage.folder, 'muster.yaml');
    const other = await openData({ configFile, dataDir, databaseUrl: stage.databaseUrl });
    onTestFinished(() => other.stores.close());
    await ran(stage);
    await sealLedger(other.sealing);
    const { newKey } = await stage.muster.as('root').rotateLedgerKey({ bothMs: 1_000 });
    await ran(stage);
    await sealLedger(other.sealing);
    expect(await asked(stage, ['ledger', 'verify', '--key', newKey])).toMatchObject({ code: 0 });
  });

  test('is made by somebody who looks after the system', async () => {
    const stage = await stageForTest();
    const rotated = stage.muster.as('anna').rotateLedgerKey({ bothMs: 1_000 });
    await expect(rotated).rejects.toMatchObject({ code: 'identity.notAllowed' });
  });
});

test('a witness of another team notices that the ledger was put back', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'muster-witness-')), 'w');
  const first = await stageForTest({ worker: false });
  const { key } = await first.muster.ledger();
  const stopping = new AbortController();
  let running: Promise<number> | undefined;
  const witness = await new Promise<{ url: string; key: string }>((onListening, fail) => {
    running = runWitness({
      isNew: false,
      folder,
      name: 'other-team/witness',
      origin: 'muster/ledger',
      ledgerKeys: [key],
      host: '127.0.0.1',
      port: 0,
      signal: stopping.signal,
      onListening,
      onAnswer: () => undefined,
    });
    running.catch(fail);
  });
  onTestFinished(async () => {
    stopping.abort();
    await running;
  });
  const asks = httpsWitness({ url: witness.url, keys: [parseVerifierKey(witness.key)], send: fetch });
  const sealing = { ...first.data.sealing, witnesses: [asks] };
  for (const id of ['a', 'b', 'c']) {
    await first.data.stores.ledger.append([
      { v: 1, kind: 'freeze.lifted', key: `freeze/${id}/lifted`, at: 1, id, actor: 'anna' },
    ]);
    await sealLedger(sealing);
  }
  const kept = await (await fetch(`${witness.url}/checkpoint`)).text();
  await writeFile(join(first.folder, 'kept.txt'), kept);
  const verify = ['ledger', 'verify', '--key', key, '--witness', witness.key, '--witnessed', 'kept.txt'];
  expect(await asked(first, verify)).toMatchObject({ code: 0, answer: { cosigned: { size: 3 } } });
  // What an older backup would bring back.
  await statement(
    first.databaseUrl,
    `ALTER TABLE ledger DISABLE TRIGGER ALL; ALTER TABLE checkpoints DISABLE TRIGGER ALL;
     DELETE FROM ledger WHERE position > 1; DELETE FROM checkpoints WHERE size > 2;`,
  );
  expect(await asked(first, verify)).toMatchObject({
    answer: { problem: { code: 'evidence.rolledBack', position: 2 } },
  });
});
