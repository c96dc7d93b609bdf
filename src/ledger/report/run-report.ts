import {
  bySeverity,
  stateOfFinding,
  type Finding,
  type Note,
  type ReviewClaims,
} from '../../model/findings.ts';
import { measuredObjectives } from '../../model/objectives.ts';
import { restorePointsOf } from '../../model/restore-points.ts';
import type { CompiledRunbook } from '../../model/runbook.ts';
import type { StepRecord, Timeline } from '../../model/run.ts';
import { spentTimeOf } from '../../model/step-times.ts';
import type { RefusedVote } from '../../model/vote.ts';
import type { KeptGate } from '../../store/index.ts';
import { comparisonWith } from './compare.ts';
import { deviationsOf } from './deviations.ts';
import { findingsOf } from './findings-of.ts';
import { factsOf } from './kept-facts.ts';
import {
  REPORT_VERSION,
  type ReportCheckpoint,
  type ReportedFinding,
  type ReportedRun,
  type RunReport,
} from './report-types.ts';
import { reportedGates } from './reported-gates.ts';
import { reportedStep, stepNotRun, wasTried } from './reported-steps.ts';
import { veeamWarningsOf } from './veeam-warnings.ts';
import { verdictOf } from './verdict.ts';

/** What a report is made of. */
export interface RunReportData {
  /** When it is made; the same data and the same time make the same report. */
  readonly madeAt: number;
  /** The run as it stands, with all its steps, as `muster show --json` tells it. */
  readonly view: ReportedView;
  /** Every opening of every gate of the run. */
  readonly gates?: readonly KeptGate[];
  readonly refusals?: { readonly total: number; readonly latest: readonly RefusedVote[] };
  readonly notes?: readonly Note[];
  /** Those that are kept; what the run raises by itself and is not among them is added. */
  readonly findings?: readonly Finding[];
  readonly reviews?: readonly ReviewClaims[];
  readonly runbook?: CompiledRunbook;
  readonly previous?: RunReport;
  readonly checkpoint?: ReportCheckpoint;
}

/** As in the run view of the client. */
export interface ReportedView {
  readonly state: string;
  readonly timeline: Timeline;
  readonly steps: readonly StepRecord[];
}

/** The report of a run, as data: what the HTML, the PDF and the JSON of it say. */
export function runReport(data: RunReportData): RunReport {
  const { madeAt, view, gates = [], notes = [], reviews = [], runbook, previous, checkpoint } = data;
  const { timeline, steps, state } = view;
  const { startedAt, endedAt = madeAt } = timeline;
  const known = gates.flatMap((gate) => {
    const facts = factsOf(gate);
    return facts === undefined ? [] : [{ path: gate.path, facts }];
  });
  const measured = {
    timeline,
    steps,
    restorePoints: restorePointsOf(steps, known),
    ...(runbook === undefined ? {} : { runbook }),
  };
  const objectives = measuredObjectives(measured);
  const tried = steps.filter(wasTried);
  const notRun = steps
    .filter((step) => !wasTried(step))
    .map((step) => stepNotRun(step, { ...timeline, state }));
  const deviations = deviationsOf(timeline, steps);
  const raised = timeline.endedAt === undefined ? [] : findingsOf(measured);
  const findings = findingsAt(merged(data.findings ?? [], raised), madeAt);
  const report = {
    schema: REPORT_VERSION,
    kind: 'run',
    madeAt,
    run: reportedRun(timeline, runbook),
    verdict: verdictOf({ timeline, state, steps, objectives, notRun, deviations, findings }),
    objectives,
    time: spentTimeOf({ startedAt, endedAt, steps }),
    steps: tried.map(reportedStep),
    notRun,
    gates: reportedGates(steps, gates),
    refusals: data.refusals ?? timeline.refused,
    warnings: veeamWarningsOf(steps),
    deviations,
    notes: [...notes].sort((a, b) => a.at - b.at),
    findings,
    reviews,
    ...(checkpoint === undefined ? {} : { checkpoint }),
  } as const satisfies RunReport;
  return previous === undefined ? report : { ...report, comparison: comparisonWith(previous, report) };
}

function reportedRun(timeline: Timeline, runbook: CompiledRunbook | undefined): ReportedRun {
  const { run, title, startedAt, endedAt, takenOver, cancelled } = timeline;
  return {
    runId: run.runId,
    firstExecutionId: run.firstExecutionId,
    runbook: run.runbook,
    title,
    ...(runbook?.owner === undefined ? {} : { owner: runbook.owner }),
    digest: run.runbookDigest,
    mode: run.mode,
    purpose: run.purpose,
    starter: run.starter,
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(takenOver === undefined ? {} : { takenOver }),
    ...(cancelled === undefined ? {} : { cancelled }),
  };
}

/** Findings as they stand at a time, the worst first. */
export function findingsAt(findings: readonly Finding[], at: number): ReportedFinding[] {
  return findings.map((finding) => ({ ...finding, state: stateOfFinding(finding, at) })).sort(bySeverity);
}

/** What is kept says more than what the run says: who owns it, and whether it is repaired. */
function merged(kept: readonly Finding[], raised: readonly Finding[]): Finding[] {
  const known = new Set(kept.map(({ id }) => id));
  return [...kept, ...raised.filter(({ id }) => !known.has(id))];
}
