import type { Finding, FindingState, Note, ReviewClaims } from '../../model/findings.ts';
import type { JsonObject } from '../../model/json.ts';
import type { MeasuredObjectives } from '../../model/objectives.ts';
import type { Interval, Outcome, StepState } from '../../model/run.ts';
import type { Mode, Purpose, StepKind } from '../../model/runbook.ts';
import type { SpentTime } from '../../model/step-times.ts';
import type { RefusedVote } from '../../model/vote.ts';

/** The version of the JSON below; it changes when a reader of the old one would read the new one wrongly. */
export const REPORT_VERSION = 'muster/report/v1';

/** How good something is, for colours and signs. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain';

/** The report of one run. Times are milliseconds since 1970, durations milliseconds. */
export interface RunReport {
  readonly schema: typeof REPORT_VERSION;
  readonly kind: 'run';
  readonly madeAt: number;
  readonly run: ReportedRun;
  readonly verdict: ReportVerdict;
  readonly objectives: MeasuredObjectives;
  readonly time: SpentTime;
  /** What was tried, in the order of the runbook. */
  readonly steps: readonly ReportedStep[];
  readonly notRun: readonly StepNotRun[];
  readonly gates: readonly ReportedGate[];
  /** Answers that did not count. */
  readonly refusals: { readonly total: number; readonly latest: readonly RefusedVote[] };
  readonly warnings: readonly VeeamWarning[];
  readonly deviations: readonly ReportedDeviation[];
  readonly notes: readonly Note[];
  readonly findings: readonly ReportedFinding[];
  /** What people made of earlier reports of it, oldest first. */
  readonly reviews: readonly ReviewClaims[];
  /** Absent: there was no earlier run to compare with. */
  readonly comparison?: Comparison;
  /** Absent: nothing was sealed yet. */
  readonly checkpoint?: ReportCheckpoint;
}

export interface ReportedRun {
  readonly runId: string;
  readonly firstExecutionId: string;
  readonly runbook: string;
  readonly title: string;
  readonly owner?: string;
  readonly digest: string;
  readonly mode: Mode;
  readonly purpose: Purpose;
  readonly starter: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly takenOver?: { readonly runId: string; readonly from: string };
  readonly cancelled?: { readonly by: string; readonly at: number; readonly reason?: string };
}

export interface ReportVerdict {
  /** An outcome, or `running`, `waiting`, `terminated`. */
  readonly state: string;
  readonly tone: Tone;
  /** The first is the verdict, the others say what it rests on. */
  readonly says: readonly string[];
}

export interface ReportedStep {
  readonly path: string;
  readonly title: string;
  readonly kind: StepKind;
  readonly uses?: string;
  readonly state: StepState;
  readonly outcome?: Outcome;
  readonly attempt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly waits: readonly Interval[];
  readonly takenOver?: true;
  readonly target?: string;
  /** What is worth saying of it, as sentences. */
  readonly says: readonly string[];
}

export interface StepNotRun {
  readonly path: string;
  readonly title: string;
  readonly why: string;
}

export interface ReportedGate {
  readonly path: string;
  readonly kind: 'approval' | 'decision' | 'manual';
  readonly title: string;
  readonly openedAt: number;
  readonly closedAt?: number;
  /** `vote`, `timeout`, `cancel` or `noticed`; absent while it is open. */
  readonly closedBy?: string;
  /** What the rules ask for, as sentences. */
  readonly rules: readonly string[];
  readonly excluded: readonly string[];
  /** What a yes allowed: action and target. */
  readonly covered: readonly { readonly path: string; readonly action: string; readonly target: string }[];
  readonly digest: string;
  readonly answers: readonly ReportedAnswer[];
  /** What the rules still miss, of a gate that was not decided by votes. */
  readonly missing: readonly string[];
  /** What people were shown of the world, as sentences. */
  readonly facts: readonly string[];
  readonly isOverdue: boolean;
}

/** Somebody's answer, in their own words. */
export interface ReportedAnswer {
  readonly person: string;
  readonly for?: string;
  readonly roles: readonly string[];
  readonly decision: string;
  readonly at: number;
  readonly comment?: string;
  /** What was filled in. */
  readonly values?: JsonObject;
  /** How sure it was who answered. */
  readonly assurance?: string;
  readonly heardBy?: readonly string[];
  readonly isBreakGlass: boolean;
  /** It does not count any more, and why. */
  readonly void?: string;
}

/** What a Veeam server complained of, in its own words. */
export interface VeeamWarning {
  readonly path: string;
  readonly system: 'vro' | 'vbr' | 'one';
  /** Group, machine and step, as far as they are told. */
  readonly where: readonly string[];
  readonly isCritical: boolean;
  /** Veeam's own words: `friendlyInfo` of VRO, the message of a session of VBR, an alarm of ONE. */
  readonly says: string;
}

export interface ReportedDeviation {
  readonly path?: string;
  readonly what: string;
  readonly by?: string;
  readonly at?: number;
  readonly reason?: string;
}

export interface ReportedFinding extends Finding {
  /** When the report was made. */
  readonly state: FindingState;
}

/** This run beside the one before it. */
export interface Comparison {
  readonly runId: string;
  readonly startedAt: number;
  readonly state: string;
  readonly isSameRunbook: boolean;
  readonly figures: readonly ComparedFigure[];
  /** Those that took clearly longer or shorter, the largest difference first. */
  readonly steps: readonly ComparedStep[];
  readonly changes: readonly string[];
}

export interface ComparedFigure {
  readonly name: string;
  readonly before?: number;
  readonly now?: number;
}

export interface ComparedStep {
  readonly path: string;
  readonly beforeMs: number;
  readonly nowMs: number;
}

/** The state of the ledger that the run was sealed with. */
export interface ReportCheckpoint {
  readonly origin: string;
  readonly size: number;
  /** Base64, as in the checkpoint. */
  readonly root: string;
  readonly at?: number;
}
