import type { ScheduleControl } from '../control/index.ts';
import type { FindingStore, NewFinding } from '../store/index.ts';

/**
 * Raises a finding for each schedule of which Temporal has let times go by, since it was away for too long: nothing of ours ran
 * then that could have noted why. Telling the same again raises nothing.
 */
export async function raiseMissed({
  schedules,
  findings,
  now,
}: {
  readonly schedules: Pick<ScheduleControl, 'list'>;
  readonly findings: Pick<FindingStore, 'raise'>;
  readonly now: () => number;
}): Promise<void> {
  const missed = (await schedules.list()).flatMap(({ id, launch, missed: goneBy }): NewFinding[] => {
    if (goneBy === undefined) return [];
    const { count, since } = goneBy;
    const times = count === 1 ? 'one of its times' : `${count} of its times`;
    return [
      {
        finding: {
          id: `${id}:schedule:missed-${count}-${since}`,
          runbook: launch.runbook,
          raisedBy: 'schedule',
          raisedAt: now(),
          text: `The schedule ${id} has missed ${times} since ${new Date(since).toISOString()}: Temporal was away for too long. \`muster schedule log\` shows what it did start.`,
          severity: 'medium',
        },
      },
    ];
  });
  if (missed.length > 0) await findings.raise(missed);
}
