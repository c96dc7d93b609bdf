import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyLedger } from '../../src/client/ledger-copy.ts';
import { pruneLedger } from '../../src/client/retention-desk.ts';
import { parseVerifierKey, verifyBundle, verifyLedger } from '../../src/ledger/index.ts';
import { PROJECT_ROOT } from '../../src/stack/project.ts';
import { auditorOn } from '../support/audit.ts';
import { runbookOf, stageForTest, type Stage } from '../support/stage.ts';

const CHECKED = runbookOf(`
steps:
  - { id: check, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }
`);
const DAY_MS = 86_400_000;

async function done(stage: Stage): Promise<string> {
  const runId = await stage.start(CHECKED);
  await stage.muster.result(runId);
  return runId;
}

/** A stage with one run that is audited, an auditor and an admin. */
async function oldRun() {
  const config = await readFile(join(PROJECT_ROOT, 'muster.yaml'), 'utf8');
  const people = 'people:\n  ada: { name: Ada, roles: [admin, auditor] }';
  const stage = await stageForTest({
    config: `${config.replace('people:', people)}\nretention: { runs: 30d, drills: 0 }\n`,
  });
  const runId = await done(stage);
  await auditorOn(stage).lookAll();
  const { stores, sealing } = stage.data;
  const policy = { runs: 30 * DAY_MS, drills: 0 };
  const now = () => Date.now() + 31 * DAY_MS;
  const prune = () => pruneLedger({ dryRun: false, actor: 'ada' }, { stores, sealing, policy, now });
  return { stage, runId, prune };
}

describe('a run that is too old', { timeout: 120_000 }, () => {
  test('goes, and the ledger and the evidence of a younger one verify as before', async () => {
    const { stage, prune } = await oldRun();
    await prune();
    const young = await done(stage);
    const muster = stage.muster.as('ada');
    const { key, origin } = await muster.ledger();
    const known = { origin, ledgerKeys: [parseVerifierKey(key)] };
    expect(verifyLedger(await copyLedger(muster), known)).toMatchObject({ ok: true });
    expect(verifyBundle(await muster.evidence(young), known)).toMatchObject({ ok: true });
  });

  test('has no evidence any more, and says why', async () => {
    const { stage, runId, prune } = await oldRun();
    expect((await prune()).runs).toEqual([runId]);
    await expect(stage.muster.as('ada').evidence(runId)).rejects.toMatchObject({ code: 'evidence.pruned' });
  });

  test('stays while somebody holds it', async () => {
    const { stage, runId, prune } = await oldRun();
    const muster = stage.muster.as('ada');
    await muster.hold({ runId, reason: 'matter 17' });
    await expect(muster.hold({ runId, reason: 'again' })).rejects.toMatchObject({ code: 'ledger.held' });
    expect((await prune()).kept).toEqual([{ runId, because: 'hold' }]);
    await muster.unhold({ runId });
    expect((await prune()).runs).toEqual([runId]);
  });

  test('is audited as it was: there is nothing left to compare', async () => {
    const { stage, runId, prune } = await oldRun();
    await prune();
    expect(await stage.muster.as('ada').audit({ runId })).toMatchObject({ isFinal: true, findings: [] });
  });
});

test('what is younger than the configuration keeps stays', async () => {
  const { stage } = await oldRun();
  expect(await stage.muster.as('ada').prune({ dryRun: true })).toMatchObject({ entries: 0, runs: [] });
});

test('only an admin prunes, and only an auditor or an admin holds', async () => {
  const { stage, runId } = await oldRun();
  const muster = stage.muster.as('anna');
  const refused = { code: 'identity.notAllowed' };
  await expect(muster.prune({ dryRun: true })).rejects.toMatchObject(refused);
  await expect(muster.hold({ runId, reason: 'x' })).rejects.toMatchObject(refused);
});
