import type { MeasuredObjectives, ObjectiveVerdict } from '../../model/objectives.ts';
import type { StepRecord, Timeline } from '../../model/run.ts';
import type { ReportedDeviation, ReportedFinding, ReportVerdict, StepNotRun, Tone } from './report-types.ts';
import { durationText } from './words.ts';

const SPOKEN: Readonly<Record<string, string>> = {
  succeeded: 'succeeded',
  warned: 'ended well, but not without warnings',
  failed: 'failed',
  cancelled: 'was cancelled',
  rejected: 'was rejected',
  terminated: 'was ended from outside, behind the back of muster',
  running: 'is not over: this report is preliminary',
  waiting: 'is not over, it waits for people: this report is preliminary',
};
const TONES: Readonly<Record<string, Tone>> = {
  succeeded: 'good',
  warned: 'warn',
  running: 'plain',
  waiting: 'plain',
};

/** What a run came to, first in one sentence, then what that rests on. */
export function verdictOf({
  timeline,
  state,
  steps,
  objectives,
  notRun,
  deviations,
  findings,
}: {
  readonly timeline: Timeline;
  readonly state: string;
  readonly steps: readonly StepRecord[];
  readonly objectives: MeasuredObjectives;
  readonly notRun: readonly StepNotRun[];
  readonly deviations: readonly ReportedDeviation[];
  readonly findings: readonly ReportedFinding[];
}): ReportVerdict {
  const { rto, rpo } = objectives;
  const missed = rto.verdict === 'missed' || rpo.verdict === 'missed';
  const tone = TONES[state] ?? 'bad';
  const what = timeline.run.mode === 'drill' ? 'This drill' : 'This live run';
  const failed = steps.filter(({ outcome }) => outcome === 'failed').length;
  const open = findings.filter((finding) => finding.state !== 'closed').length;
  const { endedAt, startedAt } = timeline;
  return {
    state,
    // Ending well, but too late, is not good.
    tone: tone === 'good' && missed ? 'warn' : tone,
    says: [
      `${what} ${SPOKEN[state] ?? `ended as ${state}`}.`,
      ...(endedAt === undefined ? [] : [`It took ${durationText(endedAt - startedAt)}.`]),
      ...objectiveLine('recovery time', rto),
      ...objectiveLine('recovery point', rpo),
      ...counted(failed, 'step failed', 'steps failed'),
      ...counted(notRun.length, 'step did not run', 'steps did not run'),
      ...counted(deviations.length, 'deviation from the runbook', 'deviations from the runbook'),
      ...counted(open, 'finding is open', 'findings are open'),
    ],
  };
}

function objectiveLine(
  name: string,
  { verdict, achievedMs, targetMs }: { verdict: ObjectiveVerdict; achievedMs?: number; targetMs?: number },
): string[] {
  const achieved = achievedMs === undefined ? undefined : durationText(achievedMs);
  const target = durationText(targetMs ?? 0);
  switch (verdict) {
    case 'met':
      return [`The ${name} objective was met: ${achieved ?? ''} of ${target}.`];
    case 'missed':
      return [
        `The ${name} objective was MISSED: ${achieved ?? 'not recovered'}, where ${target} are promised.`,
      ];
    case 'notMeasured':
      return [`The ${name} objective of ${target} was not measured.`];
    case 'notPromised':
      return achieved === undefined ? [] : [`The ${name} was ${achieved}; nothing is promised.`];
  }
}

function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}.`];
}
