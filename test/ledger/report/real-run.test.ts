import { beforeAll, describe, expect, test } from 'vitest';
import type { RunView } from '../../../src/client/index.ts';
import { reportHtml } from '../../../src/ledger/report/html.ts';
import { reportPdf } from '../../../src/ledger/report/pdf.ts';
import { runDocument } from '../../../src/ledger/report/run-document.ts';
import { runReport } from '../../../src/ledger/report/run-report.ts';
import type { RunReport } from '../../../src/ledger/report/report-types.ts';
import { approve, decide, openStage } from '../../support/stage.ts';
import type { CompiledRunbook } from '../../../src/model/runbook.ts';
import { pagesOf } from './pdf-text.ts';

const DECLARED_AGO_MS = 90_000;

/** A failover in which one machine fails that is not critical, and one check asks people. */
const RUNBOOK = (page: string): string => `
apiVersion: muster/v1
name: erp-failover
title: Fail the ERP over to the recovery site
owner: team-erp
connections: { vro: dr-site, one: hq }
objectives: { rto: 2h, rpo: 15m }
steps:
  - { id: ready, title: Is the plan ready?, uses: vro.readinessCheck, with: { plan: ERP } }
  - id: go
    approval:
      title: 'PRODUCTION: fail ERP over now?'
      covers: [failover]
      rules: [{ role: dr-manager, count: 1 }, { role: app-owner, count: 1 }]
      exclude: [starter]
  - id: failover
    title: Fail ERP over to the recovery site
    uses: vro.failover
    with: { plan: ERP, restorePoint: latest }
    accept: { if: '!output.failed.exists(vm, vm.isCritical)' }
  - id: checks
    title: Does it work over there?
    marks: { recovered: ERP }
    parallel:
      - { id: web, title: The application answers, uses: http.check, with: { url: '${page}/health' }, until: { within: 5m, every: 1s } }
      - { id: home, title: The old address answers, uses: http.check, with: { url: '${page}/home' }, until: { within: 1s, every: 1s } }
  - { id: never, title: Only where somebody asks for it, if: 'false', wait: 1s }
`;

let view: RunView;
let report: RunReport;

beforeAll(async () => {
  const stage = await openStage({
    faults: [{ kind: 'failStep', plan: 'ERP', vm: 'erp-web-02', critical: false }],
  });
  try {
    const text = RUNBOOK(`${stage.simulator.urls.app}/apps/ERP`);
    const declaredAt = Date.now() - DECLARED_AGO_MS;
    const runId = await stage.start(text, { mode: 'live', purpose: 'incident', declaredAt });
    await approve(stage, runId, 'go', 'boris', 'dieter');
    await decide(stage, runId, 'checks/home', 'skip', { comment: 'the old address is gone with the site' });
    view = await stage.ended(runId);
    const { gates } = stage.data.stores;
    const nonces = view.steps.flatMap(({ gate }) => gate?.nonce ?? []);
    const kept = (await Promise.all(nonces.map((nonce) => gates.find(nonce)))).filter(
      (one) => one !== undefined,
    );
    const { runbookDigest } = view.timeline.run;
    const runbook = JSON.parse(await stage.data.stores.contents.get(runbookDigest)) as CompiledRunbook;
    report = runReport({ madeAt: (view.timeline.endedAt ?? 0) + 1_000, view, gates: kept, runbook });
  } finally {
    await stage.close();
  }
});

describe('the report of a real run', () => {
  test('counts the recovery time from the declared loss, which the run carries', () => {
    const { rto, declaredAt } = report.objectives;
    expect([rto.fromIs, rto.from, view.timeline.declaredAt]).toEqual(['declared', declaredAt, declaredAt]);
    expect(rto.achievedMs).toBeGreaterThan(DECLARED_AGO_MS);
  });

  test('tells the time of the application as the run itself does', () => {
    const [recovery] = view.timeline.recoveries ?? [];
    expect(report.objectives.rto).toMatchObject({
      from: recovery?.lostAt,
      to: recovery?.recoveredAt,
      waitedForPeopleMs: recovery?.waitedForPeopleMs,
    });
  });

  test('knows the restore points of every machine, from the gate', () => {
    expect(report.objectives.restorePoints.map(({ machine }) => machine).sort()).toEqual([
      'erp-app-01',
      'erp-app-02',
      'erp-db-01',
      'erp-db-02',
      'erp-web-01',
      'erp-web-02',
    ]);
  });

  test('has the words of the Orchestrator about the machine that failed', () => {
    expect(report.warnings).toMatchObject([{ path: 'failover', system: 'vro', isCritical: false }]);
    expect(report.warnings[0]?.where).toContain('erp-web-02');
  });

  test('has both gates with the people and their words', () => {
    expect(report.gates.map(({ path, answers }) => [path, answers.map(({ person }) => person)])).toEqual([
      ['go', ['boris', 'dieter']],
      ['checks/home', ['anna']],
    ]);
    expect(report.gates[1]?.answers[0]?.comment).toBe('the old address is gone with the site');
  });

  test('raises a finding for the warning and for the step that was left out', () => {
    expect(report.findings.map(({ raisedBy, path }) => [raisedBy, path])).toEqual([
      ['skip', 'checks/home'],
      ['warning', 'failover'],
    ]);
  });

  test('says what did not run, and why', () => {
    expect(report.notRun).toEqual([
      { path: 'never', title: 'Only where somebody asks for it', why: 'if: false' },
    ]);
  });

  test('says the same as HTML and as PDF', async () => {
    const document = runDocument(report);
    const [page, pdf] = [reportHtml(document), pagesOf(await reportPdf(document)).join('\n')];
    for (const said of ['This live run ended well', 'the old address is gone with the site', 'team-erp']) {
      expect([page.includes(said), pdf.includes(said)]).toEqual([true, true]);
    }
  });
});
