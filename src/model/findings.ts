/** What a person writes down about a run while it goes on, or later. Times are milliseconds since 1970. */
export interface Note {
  readonly id: string;
  readonly runId: string;
  readonly at: number;
  readonly by: string;
  readonly text: string;
  /** A file that goes with it, kept by its digest. */
  readonly attachment?: Attachment;
}

export interface Attachment {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256, in hex. */
  readonly digest: string;
}

/**
 * What has led to a finding.
 * - `schedule`: a run that was to start by itself did not.
 * - `audit`: something happened behind our back.
 */
export const FINDING_SOURCES = [
  'warning',
  'skip',
  'deviation',
  'objective',
  'schedule',
  'audit',
  'person',
] as const;
export type FindingSource = (typeof FINDING_SOURCES)[number];

/**
 * How bad a finding is.
 * - `high`: in an emergency this would have failed, or a promise was broken.
 * - `medium`: it needed people, or an exception.
 * - `low`: somebody should look at it.
 */
export const SEVERITIES = ['high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A deficiency, from its finding to its repair. Times are milliseconds since 1970. */
export interface Finding {
  /** Of one that a run raises by itself: always the same for the same run and reason. */
  readonly id: string;
  /** Absent: it belongs to no run. */
  readonly runId?: string;
  readonly runbook?: string;
  /** The step that it is about. */
  readonly path?: string;
  readonly raisedBy: FindingSource;
  readonly raisedAt: number;
  /** Of one that a person has raised. */
  readonly raisedByPerson?: string;
  readonly text: string;
  readonly severity: Severity;
  readonly owner?: string;
  readonly dueAt?: number;
  /** What is done about it. */
  readonly repair?: string;
  readonly closedAt?: number;
  readonly closedBy?: string;
  /** What proves the repair: SHA-256 of files, or ids of runs. */
  readonly closingEvidence?: readonly string[];
  /** Oldest first. */
  readonly history: readonly FindingChange[];
}

export const FINDING_CHANGES = [
  'raised',
  'assigned',
  'due',
  'repair',
  'severity',
  'closed',
  'reopened',
] as const;

/** A change of a finding. */
export interface FindingChange {
  readonly at: number;
  /** A person, or `muster` where nobody had to. */
  readonly by: string;
  readonly what: (typeof FINDING_CHANGES)[number];
  readonly text?: string;
}

/** Who raises what a run raises by itself. */
export const RAISED_BY_ITSELF = 'muster';

/** Where a finding stands at a time. */
export type FindingState = 'open' | 'overdue' | 'closed';

export function stateOfFinding({ closedAt, dueAt }: Finding, now: number): FindingState {
  if (closedAt !== undefined && closedAt <= now) return 'closed';
  return dueAt !== undefined && dueAt < now ? 'overdue' : 'open';
}

/** The worst first; of the same severity the oldest. */
export function bySeverity(a: Finding, b: Finding): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.raisedAt - b.raisedAt;
}

/**
 * What a review comes to.
 * - `accepted`: the report was read, and nothing else is asked for.
 * - `actionNeeded`: something has to be done; findings say what.
 */
export const REVIEW_DECISIONS = ['accepted', 'actionNeeded'] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/** That somebody has read a report and says what they make of it, as they sign it. */
export interface ReviewClaims {
  readonly id: string;
  /** First execution id and workflow id of the run that the report is about; absent: it is about a period. */
  readonly run?: string;
  readonly runId?: string;
  /** The period, in milliseconds since 1970; `to` is not in it any more. */
  readonly from?: number;
  readonly to?: number;
  /** SHA-256 of the canonical JSON of the report as it was then. */
  readonly reportDigest: string;
  readonly decision: ReviewDecision;
  readonly comment: string;
  readonly person: string;
  readonly roles: readonly string[];
  /** How sure it was who signed. */
  readonly assurance: string;
  /** When, in seconds since 1970. */
  readonly iat: number;
}

/** A review as it is kept. */
export interface Review extends ReviewClaims {
  /** The signed text: a compact JWS over the claims. */
  readonly jws: string;
}
