import type { JsonObject } from './json.ts';
import type { Mode, Purpose } from './runbook.ts';

/** What a schedule hands to the launch that it starts. */
export interface LaunchInput {
  /** `runbook/name`. */
  readonly schedule: string;
  readonly runbook: string;
  /** SHA-256 of the compiled runbook that was put in force. */
  readonly runbookDigest: string;
  readonly mode: Mode;
  readonly purpose: Purpose;
  readonly inputs: JsonObject;
  /** Who wrote the runbook, as it says. */
  readonly authors?: readonly string[];
  readonly cron: string;
  readonly timezone: string;
  readonly description?: string;
  /** When it was put in force as it is, in milliseconds since 1970: nothing starts for a time before. */
  readonly appliedAt: number;
  /** Who put it in force. */
  readonly appliedBy: string;
  /** How long a failed step waits for people before the drill is taken back; absent: as long as it takes. Milliseconds. */
  readonly answerWithinMs?: number;
}

/** What became of a launch. */
export interface Launched {
  readonly schedule: string;
  readonly outcome: 'started' | 'notStarted';
  /** The run that was started. */
  readonly runId?: string;
  /** Why nothing was. */
  readonly reason?: string;
}

/** A failed drill that nobody looks at is taken back: its machines may stand where people need them in the morning. */
export const UNATTENDED_ANSWER_MS = 15 * 60_000;
