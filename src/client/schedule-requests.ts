import type { JsonObject } from '../model/json.ts';
import type { Mode } from '../model/runbook.ts';
import type { Launch } from '../store/index.ts';
import type { RunbookText } from './muster.ts';

/** What a person can do with schedules: when runbooks are started by themselves. */
export interface Schedules {
  /**
   * What `apply` would change. @throws MusterError `run.refused` with diagnostics, when the file could not be put in force
   */
  plan(source: RunbookText): Promise<readonly ScheduleChange[]>;
  /**
   * Puts the schedules of a file in force, and removes those of this runbook that are not in it any more. It starts nothing.
   * @throws MusterError as `plan` does
   */
  apply(source: RunbookText): Promise<readonly ScheduleChange[]>;
  /** Those in force, by id. */
  list(): Promise<readonly ScheduleView[]>;
  /** The next starts of all that are not paused, the first first. */
  next(count: number): Promise<readonly NextStart[]>;
  /** What schedules did, the newest first. */
  launches(request?: { readonly id?: string; readonly limit?: number }): Promise<readonly Launch[]>;
  /** @throws MusterError `schedule.notFound`, as all below */
  pause(request: { readonly id: string; readonly reason: string }): Promise<void>;
  resume(request: { readonly id: string }): Promise<void>;
  /** Starts it now, if nothing speaks against that: what became of it is among the launches. */
  trigger(request: { readonly id: string }): Promise<void>;
  remove(request: { readonly id: string }): Promise<void>;
}

/** What is in force, as people read it. */
export interface ScheduleTerms {
  readonly cron: string;
  readonly timezone: string;
  readonly mode: Mode;
  readonly inputs: JsonObject;
  readonly description?: string;
  /** SHA-256 of the runbook that is run. */
  readonly digest: string;
}

/** What becomes of a schedule. `changed`: the names of the terms that differ. */
export type ScheduleChange = { readonly id: string } & (
  | { readonly what: 'add'; readonly after: ScheduleTerms }
  | {
      readonly what: 'change';
      readonly before: ScheduleTerms;
      readonly after: ScheduleTerms;
      readonly changed: readonly (keyof ScheduleTerms)[];
    }
  | { readonly what: 'remove'; readonly before: ScheduleTerms }
  | { readonly what: 'keep'; readonly after: ScheduleTerms }
);

/** A schedule in force. Times are milliseconds since 1970. */
export interface ScheduleView extends ScheduleTerms {
  readonly id: string;
  readonly paused: boolean;
  /** Who paused or resumed it last, and why. */
  readonly note?: string;
  readonly appliedBy: string;
  readonly appliedAt: number;
  readonly next?: number;
  /** What it did last. */
  readonly last?: Launch;
}

/** A start that is to come. */
export interface NextStart {
  readonly id: string;
  readonly at: number;
  readonly mode: Mode;
}
