import type { ReviewClaims } from '../../model/findings.ts';
import type { ObjectiveVerdict } from '../../model/objectives.ts';
import type { Mode, Purpose } from '../../model/runbook.ts';
import type { Control, EvidenceKind } from './controls.ts';
import type { ReportCheckpoint, ReportedFinding, ReportVerdict, REPORT_VERSION } from './report-types.ts';

/** The report of a period. Times are milliseconds since 1970, durations milliseconds. */
export interface PeriodReport {
  readonly schema: typeof REPORT_VERSION;
  readonly kind: 'period';
  readonly madeAt: number;
  readonly from: number;
  readonly to: number;
  readonly verdict: ReportVerdict;
  /** Gaps first. */
  readonly controls: readonly JudgedControl[];
  /** What is missing first. */
  readonly coverage: readonly Coverage[];
  /** Oldest first. */
  readonly runs: readonly PeriodRun[];
  readonly findings: readonly ReportedFinding[];
  readonly repair: RepairFigures;
  /** What people made of earlier reports of this time and of its runs, oldest first. */
  readonly reviews: readonly ReviewClaims[];
  readonly checkpoint?: ReportCheckpoint;
}

/** A run, as far as a period speaks of it. */
export interface PeriodRun {
  readonly runId: string;
  readonly runbook: string;
  readonly title: string;
  readonly mode: Mode;
  readonly purpose: Purpose;
  readonly starter: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly state: string;
  readonly rto: {
    readonly verdict: ObjectiveVerdict;
    readonly achievedMs?: number;
    readonly targetMs?: number;
  };
  readonly rpo: {
    readonly verdict: ObjectiveVerdict;
    readonly achievedMs?: number;
    readonly targetMs?: number;
  };
  /** Approvals that people gave, and those that one person gave alone. */
  readonly approvals: number;
  readonly brokenGlass: number;
  readonly deviations: number;
  readonly findings: number;
  /** Steps that checked something and ended well. */
  readonly checks: number;
  /** A command moved a plan or machines, or restored them. */
  readonly isSwitched: boolean;
  /** Of a drill: whether everything was found as it was; absent where that was not looked at. */
  readonly isRestored?: boolean;
  readonly isSealed: boolean;
}

/**
 * How a runbook was practised.
 * - `drilled`: a drill that ended well is younger than the interval.
 * - `overdue`: the last one is older.
 * - `failed`: it was drilled in the period, and no drill within the interval ended well.
 * - `never`: no drill of it is known that ended well, and none was tried.
 */
export type CoverageState = 'drilled' | 'overdue' | 'failed' | 'never';

export interface Coverage {
  readonly runbook: string;
  readonly title: string;
  readonly owner?: string;
  readonly state: CoverageState;
  /** How often it is to be drilled. */
  readonly intervalMs: number;
  /** The runbook promises no interval; a year is taken. */
  readonly isYearAssumed: boolean;
  /** Drills of it in the period, however they ended. */
  readonly drills: number;
  readonly lastGood?: { readonly runId: string; readonly startedAt: number };
  /** When the next one is due, or was. */
  readonly dueAt?: number;
}

export interface RepairFigures {
  /** Raised in the period. */
  readonly raised: number;
  /** Closed in the period. */
  readonly closed: number;
  /** At its end. */
  readonly open: number;
  readonly overdue: number;
  readonly withoutOwner: number;
  /** From raising to closing, of those that were closed in the period. */
  readonly meanMs?: number;
}

/**
 * What the evidence says about a control.
 * - `gap`: something that it asks for was not done, or not shown.
 * - `evidence`: what muster can show of it, it shows.
 * - `outside`: muster can show nothing of it.
 */
export type ControlState = 'gap' | 'evidence' | 'outside';

export interface JudgedControl extends Control {
  readonly state: ControlState;
  readonly findings: readonly JudgedEvidence[];
}

export interface JudgedEvidence {
  readonly kind: EvidenceKind;
  readonly isGap: boolean;
  readonly says: string;
}
