import type { AuditFinding } from '../model/audit.ts';

/** What is known of the audit of one run. Times are milliseconds since 1970. */
export interface KeptAudit {
  readonly runId: string;
  /** The first execution id. */
  readonly run?: string;
  /** The run that has started it. */
  readonly parent?: string;
  /** Absent: it is known, and has not been looked at; of a final one: it had ended before there were audits. */
  readonly auditedAt?: number;
  /** Whether the run had ended then, so that it need not be looked at again. */
  readonly isFinal: boolean;
  /** SHA-256 of the canonical JSON of all its histories. */
  readonly historyDigest?: string;
  /** The ids of the executions that were read. */
  readonly executions: readonly string[];
  readonly findings: readonly AuditFinding[];
}

/** A run that is to be looked at. */
export interface DueAudit {
  readonly runId: string;
  /** The first execution id; absent for one of which nobody knows whether it ever began. */
  readonly run?: string;
}

/** Which runs have been audited. */
export interface AuditStore {
  /**
   * Runs that have ended before `endedBefore` and not been audited since, and open ones that began before `openSince` and were
   * not audited after it. Oldest first.
   */
  due(asked: {
    readonly endedBefore: number;
    readonly openSince: number;
    readonly limit: number;
  }): Promise<readonly DueAudit[]>;
  /** Remembers runs that stand in no other table, to be audited. */
  expect(
    runs: readonly { readonly runId: string; readonly run: string; readonly parent?: string }[],
    at: number,
  ): Promise<void>;
  /**
   * Keeps what an audit found and enters it. Findings of earlier audits stay.
   *
   * @returns those that were not known before
   */
  keep(audit: KeptAudit & { readonly auditedAt: number }): Promise<readonly AuditFinding[]>;
  find(runId: string): Promise<KeptAudit | undefined>;
  /** The latest first. */
  list(limit: number): Promise<readonly KeptAudit[]>;
}
