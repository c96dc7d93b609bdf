import type { JsonObject } from './json.ts';
import type { Mode } from './runbook.ts';

/** When a runbook is started by itself. It stands in the file of the runbook, and is no part of its digest. */
export interface ScheduleSpec {
  /** Unique in the runbook. */
  readonly name: string;
  readonly description?: string;
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  readonly cron: string;
  /** IANA name, e.g. `Europe/Berlin`: whose clocks count. */
  readonly timezone: string;
  readonly mode: Mode;
  /** What a run is started with, beside what has a default. */
  readonly inputs: JsonObject;
}

/** Who starts what a schedule starts. No person has this name. */
export const SCHEDULE_PERSON = 'schedule';

/** What a schedule is called: that of its runbook and its own name. */
export function scheduleId(runbook: string, name: string): string {
  return `${runbook}/${name}`;
}
