import { describe, expect, test } from 'vitest';
import { sumUpRuns } from '../../src/client/sum-up.ts';
import { createControl } from '../../src/control/index.ts';
import { parseVerifierKey, readZip, sealLedger, verifyBundle, writeZip } from '../../src/ledger/index.ts';
import { signedFiles } from '../../src/ledger/bundle.ts';
import type { PeriodReport } from '../../src/ledger/report/period-types.ts';
import type { RunReport } from '../../src/ledger/report/report-types.ts';
import { endsNoted } from '../support/ends-noted.ts';
import { decide, runbookOf, stageForTest, type Stage } from '../support/stage.ts';

const HOUR_MS = 3_600_000;

/** A drill whose recovery time counts from the declared loss. */
const DRILL = runbookOf(
  `
title: Drill of the canary
objectives: { rto: 1h, drillEvery: 30d }
inputs: { broken: { type: boolean, default: true } }
steps:
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY }, accept: { warnings: true }, marks: { recovered: ERP } }
  - { id: odd, check: '!inputs.broken' }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
`,
  'canary',
);

const sumUp = async ({ client, taskQueue, data: { stores, sealing } }: Stage): Promise<number> => {
  const control = createControl({ client, taskQueue });
  await endsNoted({ control, stores });
  return sumUpRuns({ control, stores, sealing, now: Date.now });
};

/** A drill with a warning, a step that people left out, and an objective that was missed. */
async function badDrill(stage: Stage): Promise<string> {
  stage.simulator.faults.add({ kind: 'endWithWarnings', plan: 'ERP-CANARY' });
  const runId = await stage.start(DRILL, { declaredAt: Date.now() - 2 * HOUR_MS });
  await decide(stage, runId, 'odd', 'skip');
  await stage.ended(runId);
  await stage.muster.result(runId);
  await sumUp(stage);
  return runId;
}

async function goodDrill(stage: Stage): Promise<string> {
  const runId = await stage.start(DRILL, { inputs: { broken: 'false' } });
  await stage.ended(runId);
  await stage.muster.result(runId);
  await sumUp(stage);
  return runId;
}

async function reportOf(stage: Stage, runId: string): Promise<RunReport> {
  const json = await stage.muster.as('emil').report({ runId, format: 'json' });
  return JSON.parse(Buffer.from(json).toString('utf8')) as RunReport;
}

async function periodOf(stage: Stage): Promise<PeriodReport> {
  const now = Date.now();
  const period = { from: now - 24 * HOUR_MS, to: now + HOUR_MS, format: 'json' } as const;
  const json = await stage.muster.as('emil').periodReport(period);
  return JSON.parse(Buffer.from(json).toString('utf8')) as PeriodReport;
}

describe('the findings of a drill', { timeout: 240_000 }, () => {
  test('are kept when it has ended, repaired, and closed by somebody else with a run that proves it', async () => {
    const stage = await stageForTest();
    const runId = await badDrill(stage);
    const as = (person: string) => stage.muster.as(person);
    const anna = as('anna').findings;
    const found = await anna.list({ runId });
    expect(found.map(({ raisedBy, severity }) => `${raisedBy} ${severity}`)).toEqual([
      'objective high',
      'skip medium',
      'warning low',
    ]);

    const id = `${runId}:skip:odd`;
    await anna.assign({ id, owner: 'anna', dueAt: Date.now() + HOUR_MS });
    await anna.repair({ id, text: 'The check asks the right question now.' });
    const early = as('boris').findings.close({ id, evidence: [runId] });
    await expect(early).rejects.toMatchObject({ code: 'finding.refused' });
    const evidence = [await goodDrill(stage)];
    await expect(anna.close({ id, evidence })).rejects.toThrow('somebody else');
    const closed = await as('boris').findings.close({ id, evidence });
    expect(closed).toMatchObject({ state: 'closed', closedBy: 'boris', closingEvidence: evidence });
    expect(closed.history.map(({ what, by }) => `${what} ${by}`)).toEqual([
      'raised muster',
      'assigned anna',
      'due anna',
      'repair anna',
      'closed boris',
    ]);

    const again = await as('carla').findings.reopen({ id, reason: 'it happened again' });
    expect(again).toMatchObject({ state: 'open', owner: 'anna' });
    await expect(as('boris').findings.close({ id, evidence })).rejects.toThrow('what was done');
  });

  test('stand with notes and reviews in the report, and in evidence that verifies', async () => {
    const stage = await stageForTest();
    const runId = await badDrill(stage);
    const as = (person: string) => stage.muster.as(person);
    const picture = Buffer.from('a picture of the console');
    const note = await as('boris').notes.add({
      runId,
      text: 'The console showed a warning.',
      attachment: { name: 'console.png', bytes: picture },
    });
    expect(Buffer.from(await as('anna').notes.file({ runId, id: note.id }))).toEqual(picture);
    await as('boris').findings.raise({ runId, text: 'The phone list is old.', severity: 'low' });
    const review = await as('emil').review({ of: { runId }, decision: 'actionNeeded', comment: 'Again.' });

    const report = await reportOf(stage, runId);
    expect(report.notes).toEqual([note]);
    expect(report.findings.map(({ raisedBy }) => raisedBy)).toEqual([
      'objective',
      'skip',
      'warning',
      'person',
    ]);
    expect(report.reviews).toMatchObject([{ id: review.id, person: 'emil', decision: 'actionNeeded' }]);

    // What people have added is nothing that happened behind our back.
    expect((await as('emil').audit({ runId })).findings).toEqual([]);
    const bytes = await as('emil').evidence(runId);
    const { key, origin } = await stage.muster.ledger();
    const options = { origin, ledgerKeys: [parseVerifierKey(key)] };
    expect(verifyBundle(bytes, options)).toMatchObject({ ok: true, checked: { notes: 1, reviews: 1 } });

    const files = readZip(bytes).filter(({ name }) => name !== 'statement.dsse.json');
    const changed = (part: string): string => {
      const lied = files.map((file) =>
        file.name.startsWith(part) ? { ...file, content: Buffer.from(`${text(file.content)} `) } : file,
      );
      const verdict = verifyBundle(writeZip(signedFiles(lied, [stage.data.sealing.key])), options);
      return verdict.ok ? 'verified' : verdict.problem.code;
    };
    expect(changed('notes/nt-')).toBe('evidence.fileChanged');
    expect(changed('notes/files/')).toBe('evidence.fileChanged');
    expect(changed(`reviews/${review.id}.jws`)).toBe('evidence.fileChanged');
    expect(changed(`reviews/${review.id}.report`)).toBe('evidence.fileChanged');
    expect(changed('findings.json')).toBe('evidence.badFile');
  });

  test('stand in the report of the next run, beside it', async () => {
    const stage = await stageForTest();
    const before = await badDrill(stage);
    const { comparison } = await reportOf(stage, await goodDrill(stage));
    expect(comparison).toMatchObject({ runId: before, isSameRunbook: true });
    expect(comparison?.changes.join('\n')).toContain('odd ended as succeeded, before as skipped');
  });

  test('are also what an audit has found', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(DRILL);
    await stage.gate(runId, 'odd');
    await stage.client.workflow.getHandle(runId).terminate('for the test');
    await stage.muster.as('emil').audit({ runId });
    await sumUp(stage);
    expect(await stage.muster.as('anna').findings.list({ runId })).toMatchObject([
      { raisedBy: 'audit', severity: 'high', runbook: 'canary' },
    ]);
    expect((await periodOf(stage)).runs).toMatchObject([{ runId, state: 'terminated', findings: 1 }]);
  });

  test('and the report outlive what Temporal knows of the run', async () => {
    const stage = await stageForTest();
    const runId = await badDrill(stage);
    const { runId: executionId } = await stage.client.workflow.getHandle(runId).describe();
    await stage.client.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: runId, runId: executionId },
    });
    // The server deletes it once its queues have noted how far they are, which they do every half minute.
    const code = (): Promise<unknown> =>
      stage.muster.show(runId).then(
        () => 'there',
        (error: unknown) => (error as { code: string }).code,
      );
    await expect.poll(code, { timeout: 120_000, interval: 1_000 }).toBe('run.notFound');
    await stage.muster.as('boris').notes.add({ runId, text: 'Written long after.' });
    const report = await reportOf(stage, runId);
    expect(report.verdict.state).toBe('warned');
    expect(report.notes.map(({ text: said }) => said)).toEqual(['Written long after.']);
  });
});

describe('the report of a period', { timeout: 240_000 }, () => {
  test('has its runs, what was not drilled, what was found, and the review of it', async () => {
    const stage = await stageForTest();
    await badDrill(stage);
    const live = runbookOf(`steps: [{ id: look, uses: vro.plan, with: { plan: ERP } }]`, 'never-drilled');
    await stage.ended(await stage.start(live, { mode: 'live' }));
    await sumUp(stage);
    await sealLedger(stage.data.sealing);
    const report = await periodOf(stage);
    expect(report.runs).toMatchObject([
      {
        runbook: 'canary',
        state: 'warned',
        rto: { verdict: 'missed' },
        isSwitched: true,
        findings: 3,
        isSealed: true,
      },
      { runbook: 'never-drilled', mode: 'live', state: 'succeeded' },
    ]);
    expect(report.coverage).toMatchObject([
      { runbook: 'never-drilled', state: 'never', isYearAssumed: true },
      { runbook: 'canary', state: 'drilled', intervalMs: 30 * 24 * HOUR_MS },
    ]);
    expect(report.repair).toMatchObject({ raised: 3, open: 3, withoutOwner: 3 });

    const { from, to } = report;
    await stage.muster.as('emil').review({ of: { from, to }, decision: 'accepted', comment: 'Read.' });
    expect((await periodOf(stage)).reviews).toMatchObject([{ person: 'emil', comment: 'Read.' }]);
    const pdf = await stage.muster.as('emil').periodReport({ from, to, format: 'pdf' });
    expect(Buffer.from(pdf).subarray(0, 5).toString('utf8')).toBe('%PDF-');
  });

  test('is for those who may read the evidence of every runbook', async () => {
    const stage = await stageForTest({ worker: false });
    const period = { from: 0, to: Date.now(), format: 'json' } as const;
    const asked = stage.muster.as('boris').periodReport(period);
    await expect(asked).rejects.toMatchObject({ code: 'identity.notAllowed' });
    // Who reads may not sign, and who signs may not read: it takes both.
    const review = { of: { from: 0, to: Date.now() }, decision: 'accepted', comment: 'Read.' } as const;
    for (const person of ['anna', 'boris']) {
      const signed = stage.muster.as(person).review(review);
      await expect(signed).rejects.toMatchObject({ code: 'identity.notAllowed' });
    }
  });
});

function text(content: Uint8Array): string {
  return Buffer.from(content).toString('utf8');
}
