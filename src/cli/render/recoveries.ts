import { formatDuration } from '../../model/duration.ts';
import type { Recovery, Timeline } from '../../model/run.ts';
import { styled } from './style.ts';

/** How long each application was away, and whether that is what was promised. */
export function recoveryLines(
  { recoveries = [], objectives }: Pick<Timeline, 'recoveries' | 'objectives'>,
  now: number,
): string[] {
  return recoveries.map((recovery) => recoveryLine(recovery, objectives?.rtoMs, now));
}

function recoveryLine(
  { application, lostAt, recoveredAt, waitedForPeopleMs }: Recovery,
  rtoMs: number | undefined,
  now: number,
): string {
  const awayMs = Math.max(0, (recoveredAt ?? now) - lostAt);
  const away =
    recoveredAt === undefined
      ? `${application}: not back after ${formatDuration(awayMs)}`
      : `${application}: back after ${formatDuration(awayMs)}`;
  const waited = waitedForPeopleMs === 0 ? '' : `, ${formatDuration(waitedForPeopleMs)} of it for people`;
  return `${away}${waited}${rtoMs === undefined ? '' : verdict(awayMs, rtoMs)}`;
}

function verdict(awayMs: number, rtoMs: number): string {
  const objective = formatDuration(rtoMs);
  return awayMs <= rtoMs
    ? styled('green', ` (within the ${objective} promised)`)
    : styled('red', ` (more than the ${objective} promised)`);
}
