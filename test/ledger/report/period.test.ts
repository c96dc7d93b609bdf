import { describe, expect, test } from 'vitest';
import { CONTROLS } from '../../../src/ledger/report/controls.ts';
import { reportHtml } from '../../../src/ledger/report/html.ts';
import { reportPdf } from '../../../src/ledger/report/pdf.ts';
import { periodDocument } from '../../../src/ledger/report/period-document.ts';
import {
  periodReport,
  periodRunOf,
  type PeriodReportData,
} from '../../../src/ledger/report/period-report.ts';
import type { PeriodRun } from '../../../src/ledger/report/period-types.ts';
import type { Finding } from '../../../src/model/findings.ts';
import { pagesOf } from './pdf-text.ts';
import { done, gate, report, steps, timeline, view } from './sample.ts';

const DAY = 86_400_000;
const FROM = Date.UTC(2026, 0, 1);
const TO = Date.UTC(2026, 3, 1);

const REVIEW = {
  id: 'rv-1',
  from: FROM,
  to: TO,
  reportDigest: 'd'.repeat(64),
  decision: 'accepted',
  comment: 'Read.',
  person: 'carla',
  roles: ['cio'],
  assurance: 'oidc',
  iat: TO / 1_000,
} as const;

/** A drill on a day of the period that went well in every way. */
function drill(runbook: string, day: number, over: Partial<PeriodRun> = {}): PeriodRun {
  const startedAt = FROM + day * DAY;
  return {
    runId: `${runbook}-${day}`,
    runbook,
    title: `Drill of ${runbook}`,
    mode: 'drill',
    purpose: 'exercise',
    starter: 'schedule',
    startedAt,
    endedAt: startedAt + 3_600_000,
    state: 'succeeded',
    rto: { verdict: 'met', achievedMs: 1_800_000, targetMs: 7_200_000 },
    rpo: { verdict: 'met', achievedMs: 60_000, targetMs: 900_000 },
    approvals: 1,
    brokenGlass: 0,
    deviations: 0,
    findings: 0,
    checks: 2,
    isSwitched: true,
    isRestored: true,
    isSealed: true,
    ...over,
  };
}

function finding(over: Partial<Finding> = {}): Finding {
  return {
    id: 'f1',
    raisedBy: 'warning',
    raisedAt: FROM + 10 * DAY,
    text: 'The web server was slow.',
    severity: 'low',
    owner: 'team-erp',
    history: [],
    ...over,
  };
}

function period(over: Partial<PeriodReportData> = {}) {
  return periodReport({
    madeAt: TO + DAY,
    from: FROM,
    to: TO,
    runs: [drill('erp', 30)],
    runbooks: [{ name: 'erp', title: 'ERP', drillEveryMs: 100 * DAY }],
    findings: [],
    reviews: [REVIEW],
    ...over,
  });
}

function stateOf(id: string, over: Partial<PeriodReportData>): [string | undefined, string | undefined] {
  const control = period(over).controls.find((one) => one.id === id);
  return [control?.state, control?.findings.find(({ isGap }) => isGap)?.says];
}

describe('coverage', () => {
  test('names what was never drilled first, then what failed, then what is late', () => {
    const runbooks = ['fine', 'late', 'broken', 'never'].map((name) => ({
      name,
      title: name,
      drillEveryMs: 40 * DAY,
    }));
    const runs = [drill('fine', 80), drill('late', 10), drill('broken', 80, { state: 'failed' })];
    const { coverage } = period({ runs, runbooks });
    expect(coverage.map(({ runbook, state }) => [runbook, state])).toEqual([
      ['never', 'never'],
      ['broken', 'failed'],
      ['late', 'overdue'],
      ['fine', 'drilled'],
    ]);
  });

  test('takes a year where a runbook promises no interval, and says so', () => {
    const { coverage } = period({ runbooks: [{ name: 'erp', title: 'ERP' }] });
    expect(coverage[0]).toMatchObject({ state: 'drilled', intervalMs: 365 * DAY, isYearAssumed: true });
  });

  test('knows of a drill before the period that is still good', () => {
    const lastGoodDrill = { runId: 'erp-old', startedAt: FROM - DAY };
    const { coverage } = period({ runs: [], runbooks: [{ name: 'erp', title: 'ERP', lastGoodDrill }] });
    expect(coverage[0]).toMatchObject({ state: 'drilled', drills: 0, lastGood: { runId: 'erp-old' } });
  });

  test('does not take a live run for a drill', () => {
    expect(period({ runs: [drill('erp', 80, { mode: 'live' })] }).coverage[0]?.state).toBe('never');
  });

  test('counts only what began in the period', () => {
    const { runs } = period({ runs: [drill('erp', -1), drill('erp', 0), drill('erp', 90)] });
    expect(runs.map(({ runId }) => runId)).toEqual(['erp-0']);
  });
});

describe('controls', () => {
  test('without a gap say so', () => {
    const { verdict, controls } = period();
    expect([verdict.tone, new Set(controls.map(({ state }) => state))]).toEqual([
      'good',
      new Set(['evidence', 'outside']),
    ]);
  });

  test('with gaps stand first', () => {
    const order = period({ runs: [] }).controls.map(({ state }) => state);
    expect(order).toEqual(
      [...order].sort(
        (a, b) => ['gap', 'evidence', 'outside'].indexOf(a) - ['gap', 'evidence', 'outside'].indexOf(b),
      ),
    );
    expect(order[0]).toBe('gap');
  });

  test('of penetration tests claim nothing', () => {
    expect(stateOf('DORA 26', {})).toEqual(['outside', undefined]);
  });

  test.each<[string, string, Partial<PeriodReportData>, string]>([
    [
      'a runbook that was not drilled',
      'DORA 24(6)',
      { runs: [] },
      'Not drilled in time: erp (never) (1 of 1).',
    ],
    [
      'an objective that was missed',
      'DORA 12(6)',
      { runs: [drill('erp', 30, { rto: { verdict: 'missed' } })] },
      'The recovery time objective was missed by erp-30.',
    ],
    [
      'restore points that were not looked at',
      'SOC 2 A1.2',
      { runs: [drill('erp', 30, { rpo: { verdict: 'notMeasured' } })] },
      'The recovery point was promised and not measured in erp-30.',
    ],
    [
      'a recovery without a check',
      'DORA 12(7)',
      { runs: [drill('erp', 30, { checks: 0 })] },
      'Recovered without any check: erp-30.',
    ],
    [
      'a drill that left something behind',
      'DORA 12(2)',
      { runs: [drill('erp', 30, { isRestored: false })] },
      'Not left as it was by erp-30.',
    ],
    [
      'one person who approved alone',
      'DORA 11(8)',
      { runs: [drill('erp', 30, { brokenGlass: 1 })] },
      'One person approved alone (break-glass) in erp-30.',
    ],
    [
      'a run that is not sealed',
      'ISO 22301 8.5 e',
      { runs: [drill('erp', 30, { isSealed: false })] },
      'Not sealed in the ledger: erp-30.',
    ],
    [
      'a finding that is overdue',
      'ISO 22301 8.5 f',
      { findings: [finding({ dueAt: FROM + 20 * DAY })] },
      '1 finding not repaired in time (1 raised, 0 closed, 1 open).',
    ],
    [
      'a finding that nobody owns',
      'DORA 24(5)',
      {
        findings: [{ id: 'f', raisedBy: 'person', raisedAt: FROM, text: 't', severity: 'low', history: [] }],
      },
      '1 open finding without an owner (1 raised, 0 closed, 1 open).',
    ],
    [
      'reports that nobody reviewed',
      'ISO 22301 8.5 e',
      { reviews: [] },
      'No report of the period, or of a run in it, was reviewed and signed.',
    ],
  ])('tell of %s', (_, id, over, says) => {
    expect(stateOf(id, over)).toEqual(['gap', says]);
  });

  test('have ids of their own, words of their own, and say what muster does not show', () => {
    expect(new Set(CONTROLS.map(({ id }) => id)).size).toBe(CONTROLS.length);
    expect(CONTROLS.filter(({ asks, beyond }) => asks.length < 40 || beyond.length < 20)).toEqual([]);
  });
});

describe('findings', () => {
  test('of the period are those that were open in it', () => {
    const before = finding({ id: 'before', raisedAt: FROM - 9 * DAY, closedAt: FROM - DAY });
    const after = finding({ id: 'after', raisedAt: TO });
    const old = finding({ id: 'old', raisedAt: FROM - 9 * DAY, closedAt: FROM + DAY });
    const { findings, repair } = period({ findings: [before, after, old] });
    expect([findings.map(({ id }) => id), repair]).toEqual([
      ['old'],
      { raised: 0, closed: 1, open: 0, overdue: 0, withoutOwner: 0, meanMs: 10 * DAY },
    ]);
  });
});

describe('a run in a period', () => {
  test('is told by its report', () => {
    expect(periodRunOf(report())).toMatchObject({
      state: 'warned',
      approvals: 1,
      brokenGlass: 0,
      checks: 1,
      isSwitched: true,
      isSealed: true,
      rto: { verdict: 'met', achievedMs: 2_400_000 },
    });
  });

  test('tells whether it left everything as it was', () => {
    const restored = done('cleanup/muster.restored', 50, 51, { outcome: 'failed' });
    const of = (more: (typeof restored)[]): boolean | undefined =>
      periodRunOf(report({ view: view({ steps: [...steps(), ...more] }) })).isRestored;
    expect([of([]), of([restored]), of([{ ...restored, outcome: 'succeeded' }])]).toEqual([
      undefined,
      false,
      true,
    ]);
  });

  test('tells of a person who approved alone', () => {
    const alone = gate({
      votes: gate().votes.map((vote) => ({ ...vote, deviation: 'break-glass' as const })),
    });
    const asked = report({
      view: view({ timeline: timeline(), steps: [done('go', 5, 15, { gate: alone })] }),
    });
    expect(periodRunOf(asked).brokenGlass).toBe(1);
  });
});

describe('the report of a period', () => {
  const document = periodDocument(
    period({ runs: [drill('erp', 30, { title: '<b>ERP</b>' })], findings: [finding()] }),
  );

  test('is one page of HTML that needs nothing else, and harmless', () => {
    const page = reportHtml(document);
    expect(page).toContain('Report of the period 2026-01-01 to 2026-03-31');
    expect(page).not.toMatch(/<script|<b>|https?:\/\//);
  });

  test('is a PDF with the same content and the same bytes', async () => {
    const pdf = await reportPdf(document);
    expect(pdf.equals(await reportPdf(document))).toBe(true);
    expect(pagesOf(pdf).join('\n')).toContain('<b>ERP</b>');
  });

  test('has the controls before all that they rest on', () => {
    expect(document.sections.map(({ id }) => id)).toEqual([
      'controls',
      'coverage',
      'runs',
      'findings',
      'reviews',
      'about',
    ]);
  });

  test('is the same for the same data, and survives JSON', () => {
    expect(JSON.parse(JSON.stringify(period()))).toEqual(period());
  });
});
