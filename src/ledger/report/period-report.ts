import type { Finding, ReviewClaims } from '../../model/findings.ts';
import { judgedControls } from './control-evidence.ts';
import { coverageOf, isGood, type KnownRunbook } from './coverage.ts';
import type { PeriodReport, PeriodRun, RepairFigures } from './period-types.ts';
import { REPORT_VERSION, type ReportCheckpoint, type ReportVerdict, type RunReport } from './report-types.ts';
import { findingsAt } from './run-report.ts';
import { countText } from './words.ts';

/** Commands that move a plan or machines to the other site, or restore them. */
const SWITCHING = ['vro.failover', 'vro.restore', 'vbr.failover', 'vbr.plannedFailover'];
const RESTORED_STEP = 'cleanup/muster.restored';

/** What the report of a period is made of. */
export interface PeriodReportData {
  readonly madeAt: number;
  /** Milliseconds since 1970; `to` is not in the period any more. */
  readonly from: number;
  readonly to: number;
  /** Those outside of the period are left out. */
  readonly runs: readonly PeriodRun[];
  readonly runbooks: readonly KnownRunbook[];
  readonly findings: readonly Finding[];
  readonly reviews?: readonly ReviewClaims[];
  readonly checkpoint?: ReportCheckpoint;
}

/** The report of a period: what was practised, what was not, what was found and repaired, and which controls that serves. */
export function periodReport({
  madeAt,
  from,
  to,
  runs: all,
  runbooks,
  findings: found,
  reviews = [],
  checkpoint,
}: PeriodReportData): PeriodReport {
  const runs = all
    .filter(({ startedAt }) => startedAt >= from && startedAt < to)
    .sort((a, b) => a.startedAt - b.startedAt);
  const coverage = coverageOf(runbooks, runs, { to: Math.min(to, madeAt) });
  const end = Math.min(to, madeAt);
  const findings = findingsAt(
    found.filter(({ raisedAt, closedAt }) => raisedAt < to && (closedAt === undefined || closedAt >= from)),
    end,
  );
  const repair = repairOf(findings, { from, to: end });
  const controls = judgedControls({ runs, coverage, repair, reviews });
  return {
    schema: REPORT_VERSION,
    kind: 'period',
    madeAt,
    from,
    to,
    verdict: verdictOf({ runs, coverage, repair, controls }),
    controls,
    coverage,
    runs,
    findings,
    repair,
    reviews,
    ...(checkpoint === undefined ? {} : { checkpoint }),
  };
}

/** What the report of a period says of a run. */
export function periodRunOf(report: RunReport): PeriodRun {
  const { run, verdict, objectives, gates, deviations, findings, steps, checkpoint } = report;
  const { runId, runbook, title, mode, purpose, starter, startedAt, endedAt } = run;
  const didWell = steps.filter(({ outcome }) => outcome === 'succeeded' || outcome === 'warned');
  const restored = steps.find(({ path }) => path === RESTORED_STEP)?.outcome;
  const approved = gates.filter(({ kind, closedBy }) => kind === 'approval' && closedBy === 'vote');
  const { rto, rpo } = objectives;
  return {
    runId,
    runbook,
    title,
    mode,
    purpose,
    starter,
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    state: verdict.state,
    rto: measureOf(rto),
    rpo: measureOf(rpo),
    approvals: approved.length,
    brokenGlass: approved.filter(({ answers }) => answers.some(({ isBreakGlass }) => isBreakGlass)).length,
    deviations: deviations.length,
    findings: findings.length,
    checks: didWell.filter(
      ({ kind, uses }) => kind === 'check' || kind === 'manual' || uses?.endsWith('.check') === true,
    ).length,
    isSwitched: didWell.some(({ uses }) => uses !== undefined && SWITCHING.includes(uses)),
    ...(restored === undefined || restored === 'skipped' ? {} : { isRestored: restored === 'succeeded' }),
    isSealed: checkpoint !== undefined,
  };
}

function measureOf({ verdict, achievedMs, targetMs }: PeriodRun['rto']): PeriodRun['rto'] {
  return {
    verdict,
    ...(achievedMs === undefined ? {} : { achievedMs }),
    ...(targetMs === undefined ? {} : { targetMs }),
  };
}

function repairOf(
  findings: PeriodReport['findings'],
  { from, to }: { readonly from: number; readonly to: number },
): RepairFigures {
  const closed = findings.filter(({ state }) => state === 'closed');
  const open = findings.filter(({ state }) => state !== 'closed');
  const took = closed.map(({ closedAt, raisedAt }) => (closedAt ?? raisedAt) - raisedAt);
  const sum = took.reduce((all, one) => all + one, 0);
  return {
    raised: findings.filter(({ raisedAt }) => raisedAt >= from && raisedAt <= to).length,
    closed: closed.length,
    open: open.length,
    overdue: open.filter(({ state }) => state === 'overdue').length,
    withoutOwner: open.filter(({ owner }) => owner === undefined).length,
    ...(took.length === 0 ? {} : { meanMs: sum / took.length }),
  };
}

function verdictOf({
  runs,
  coverage,
  repair,
  controls,
}: Pick<PeriodReport, 'runs' | 'coverage' | 'repair' | 'controls'>): ReportVerdict {
  const gaps = controls.filter(({ state }) => state === 'gap').length;
  const judged = controls.filter(({ state }) => state !== 'outside').length;
  const drills = runs.filter(({ mode }) => mode === 'drill');
  const live = runs.length - drills.length;
  const covered = coverage.filter(({ state }) => state === 'drilled').length;
  return {
    state: gaps === 0 ? 'without gaps' : 'with gaps',
    tone: gaps === 0 ? 'good' : 'warn',
    says: [
      gaps === 0
        ? 'What muster can show, it shows: no gap was found.'
        : `${gaps} of ${countText(judged, 'control')} have gaps.`,
      `${countText(drills.length, 'drill')}, ${drills.filter(isGood).length} of them ended well; ${countText(live, 'live run')}.`,
      `${covered} of ${countText(coverage.length, 'runbook')} drilled within their interval.`,
      `Findings: ${repair.raised} raised, ${repair.closed} closed, ${repair.open} open, ${repair.overdue} overdue.`,
    ],
  };
}
