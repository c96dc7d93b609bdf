import type { Finding, FindingState, Note, Review, ReviewDecision, Severity } from '../model/findings.ts';
import type { ReportFormat } from './muster.ts';

/** What people write down about runs, at any time. */
export interface NoteDesk {
  /** Writes a note; it is entered in the ledger. @throws MusterError `run.notFound`, `note.refused` */
  add(request: NoteRequest): Promise<Note>;
  /** Oldest first. @throws MusterError `run.notFound` */
  list(runId: string): Promise<readonly Note[]>;
  /** The file that goes with a note. @throws MusterError `run.notFound`, `note.notFound` */
  file(request: { readonly runId: string; readonly id: string }): Promise<Uint8Array>;
}

export interface NoteRequest {
  readonly runId: string;
  readonly text: string;
  readonly attachment?: { readonly name: string; readonly bytes: Uint8Array };
}

/** A finding with where it stands now. */
export interface ListedFinding extends Finding {
  readonly state: FindingState;
}

/** Deficiencies and their repair. All of it throws MusterError `finding.notFound`, `finding.refused`. */
export interface FindingDesk {
  /** Of a run, or of all; the worst first. */
  list(request?: {
    readonly runId?: string;
    readonly state?: FindingState | 'all';
  }): Promise<readonly ListedFinding[]>;
  find(id: string): Promise<ListedFinding>;
  raise(request: RaiseRequest): Promise<ListedFinding>;
  /** Says who repairs it, until when, and how bad it is. */
  assign(request: AssignRequest): Promise<ListedFinding>;
  /** Says what is done about it. */
  repair(request: { readonly id: string; readonly text: string }): Promise<ListedFinding>;
  /** Ends it, with what proves the repair. Neither its owner may, nor who repaired it. */
  close(request: CloseRequest): Promise<ListedFinding>;
  reopen(request: { readonly id: string; readonly reason: string }): Promise<ListedFinding>;
}

export interface RaiseRequest {
  readonly text: string;
  readonly severity: Severity;
  readonly runId?: string;
  /** The step of the run that it is about. */
  readonly path?: string;
  /** Where no run is named. */
  readonly runbook?: string;
}

export interface AssignRequest {
  readonly id: string;
  readonly owner?: string;
  /** Milliseconds since 1970. */
  readonly dueAt?: number;
  readonly severity?: Severity;
}

export interface CloseRequest {
  readonly id: string;
  /** SHA-256 of files (hex), or ids of runs. */
  readonly evidence: readonly string[];
  readonly comment?: string;
}

/** A time; `to` is not in it any more. Milliseconds since 1970. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** What somebody makes of the report of a run, or of a period, as it is at this moment. */
export interface ReviewRequest {
  readonly of: { readonly runId: string } | Period;
  readonly decision: ReviewDecision;
  readonly comment: string;
}

export interface Reports {
  /** The report of a run, for people. */
  report(request: { readonly runId: string; readonly format: ReportFormat }): Promise<Uint8Array>;
  /**
   * The report of a period: all runs, what was practised and what was not, findings, controls.
   * @throws MusterError `report.refused`
   */
  periodReport(request: Period & { readonly format: ReportFormat }): Promise<Uint8Array>;
  /**
   * Signs what somebody makes of a report as it is at this moment, and keeps that report.
   * @throws MusterError `run.notFound`, `evidence.runOpen`, `report.refused`
   */
  review(request: ReviewRequest): Promise<Review>;
}
