import { describe, expect, test } from 'vitest';
import { parseVerifierKey, readZip, verifyBundle, type Verdict } from '../../src/ledger/index.ts';
import { approve, decide, runbookOf, stageForTest, type Stage } from '../support/stage.ts';

const GATED = runbookOf(`
steps:
  - { id: look, uses: vro.plan, with: { plan: ERP-CANARY } }
  - { id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 2 }], covers: [check] } }
  - { id: check, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }
  - { id: odd, check: 1 > 2 }
`);

async function gatedRun(stage: Stage): Promise<string> {
  const runId = await stage.start(GATED);
  await approve(stage, runId, 'go', 'boris', 'carla');
  await decide(stage, runId, 'odd', 'skip');
  await stage.ended(runId);
  await stage.muster.result(runId);
  return runId;
}

async function verified({ muster }: Stage, bytes: Uint8Array): Promise<Verdict> {
  const { key, origin } = await muster.ledger();
  return verifyBundle(bytes, { origin, ledgerKeys: [parseVerifierKey(key)] });
}

describe('the evidence of a run', { timeout: 120_000 }, () => {
  test('verifies, and says what had to be trusted', async () => {
    const stage = await stageForTest();
    const bytes = await stage.muster.as('anna').evidence(await gatedRun(stage));
    const verdict = await verified(stage, bytes);
    expect(verdict).toMatchObject({ ok: true, checked: { gates: 2, votes: 3, intents: 1, effects: 1 } });
  });

  test('is refused when a byte of it is another', async () => {
    const stage = await stageForTest();
    const bytes = await stage.muster.as('anna').evidence(await gatedRun(stage));
    const changed = Buffer.from(bytes);
    const middle = Math.floor(changed.length / 2);
    changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
    expect((await verified(stage, changed)).ok).toBe(false);
  });

  test('holds the histories without what is taken out by rule', async () => {
    const stage = await stageForTest();
    const bytes = await stage.muster.as('anna').evidence(await gatedRun(stage));
    const names = readZip(bytes).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['history.json', 'redactions.json', 'runbook.json']));
  });

  test('is not given while the run goes on', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(GATED);
    await stage.gate(runId, 'go');
    await expect(stage.muster.as('anna').evidence(runId)).rejects.toMatchObject({ code: 'evidence.runOpen' });
  });
});

test('the report of a run is one page that says how it went', async () => {
  const stage = await stageForTest();
  const runId = await gatedRun(stage);
  const html = await stage.muster.as('anna').report({ runId, format: 'html' });
  expect(Buffer.from(html).toString('utf8')).toContain(runId);
  const pdf = await stage.muster.as('anna').report({ runId, format: 'pdf' });
  expect(Buffer.from(pdf).subarray(0, 5).toString('utf8')).toBe('%PDF-');
});
