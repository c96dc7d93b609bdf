import type { Mode } from '../model/runbook.ts';

/**
 * Why a schedule started nothing.
 * - `frozen`: a freeze held it back.
 * - `overlap`: the run that it started before goes on.
 * - `late`: it was looked at too long after its time.
 * - `edited`: its time was before it was put in force.
 * - `refused`: the configuration, or the runbook, does not allow it (any more).
 */
export type NotStartedCode = 'frozen' | 'overlap' | 'late' | 'edited' | 'refused';

/** A time of a schedule, and what became of it. Times are milliseconds since 1970. */
export interface Launch {
  /** The workflow id of the launch. */
  readonly id: string;
  /** `runbook/name`. */
  readonly schedule: string;
  readonly runbook: string;
  readonly digest: string;
  readonly mode: Mode;
  readonly scheduledAt: number;
  readonly beganAt: number;
  /** The run that it starts: noted before that is started. */
  readonly runId: string;
  /** `starting`: it is being looked at. */
  readonly outcome: 'starting' | 'started' | 'notStarted';
  /** Of one that started nothing. */
  readonly code?: NotStartedCode;
  readonly reason?: string;
}

/** What schedules did. */
export interface LaunchStore {
  /** Notes that a launch begins. @returns it as it is known, also from an earlier try */
  begin(launch: Omit<Launch, 'outcome' | 'code' | 'reason'>): Promise<Launch>;
  started(id: string): Promise<void>;
  notStarted(id: string, why: { readonly code: NotStartedCode; readonly reason: string }): Promise<void>;
  /** The last run that a schedule started, before this launch. */
  lastStarted(schedule: string, before: string): Promise<Launch | undefined>;
  /** The newest, newest first; of one schedule, or of all. */
  list(limit: number, schedule?: string): Promise<readonly Launch[]>;
}
