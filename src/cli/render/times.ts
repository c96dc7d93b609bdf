import { formatDuration } from '../../model/duration.ts';
import type { StepRecord } from '../../model/run.ts';

/** How long a step took, or has been going on. Workflow time may run a little ahead of the clock here. */
export function elapsedOf(
  { startedAt, endedAt }: Pick<StepRecord, 'startedAt' | 'endedAt'>,
  now: number,
): string | undefined {
  return startedAt === undefined ? undefined : formatDuration(Math.max(0, (endedAt ?? now) - startedAt));
}

/** A time on a run's own clock, `+00:04:12`: hours, minutes and seconds since it started. */
export function stamp(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `+${parts.map((part) => String(part).padStart(2, '0')).join(':')}`;
}

/** A moment to the second, in UTC: `2025-01-31 03:00:00Z`. */
export function shortTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
