import { lengthWithin } from './interval.ts';
import type { RestorePoint } from './restore-points.ts';
import type { Recovery, StepRecord, Timeline } from './run.ts';
import { allSteps, type CompiledRunbook } from './runbook.ts';

/**
 * Where a clock begins.
 * - `declared`: somebody said when the loss was.
 * - `lost`: a step that is marked `lost` began.
 * - `start`: the run began.
 * - `command`: the first command began that can touch production; of runs that mark nothing.
 */
export type ClockStart = 'declared' | 'lost' | 'start' | 'command';

/**
 * What became of an objective.
 * - `met`, `missed`: as measured.
 * - `notMeasured`: it was promised, and the run does not show it.
 * - `notPromised`: the runbook promises nothing.
 */
export type ObjectiveVerdict = 'met' | 'missed' | 'notMeasured' | 'notPromised';

/** The time until everything was back. Times are milliseconds since 1970, durations milliseconds. */
export interface RecoveryTime {
  readonly from: number;
  readonly fromIs: ClockStart;
  /** Absent: not back. */
  readonly to?: number;
  readonly achievedMs?: number;
  /** Of that: the time in which people were waited for. */
  readonly waitedForPeopleMs: number;
  /** `achievedMs` without it. */
  readonly withoutPeopleMs?: number;
  readonly targetMs?: number;
  readonly verdict: ObjectiveVerdict;
}

/** How much was written and lost: the age of the restore points when the loss was. */
export interface RecoveryPoint {
  /** Of the oldest of them. */
  readonly achievedMs?: number;
  readonly oldest?: RestorePoint;
  /** How many are known. */
  readonly points: number;
  readonly targetMs?: number;
  readonly verdict: ObjectiveVerdict;
}

export interface ApplicationObjectives {
  readonly application: string;
  readonly rto: RecoveryTime;
  readonly rpo: RecoveryPoint;
}

/** What a run has achieved, against what its runbook promises. */
export interface MeasuredObjectives {
  readonly declaredAt?: number;
  readonly rto: RecoveryTime;
  readonly rpo: RecoveryPoint;
  /** In the order in which steps mark them; empty where none does. */
  readonly applications: readonly ApplicationObjectives[];
  /** The points that the age is told of, oldest first. */
  readonly restorePoints: readonly RestorePoint[];
}

/** What objectives are measured from. */
export interface MeasuredRun {
  readonly timeline: Pick<
    Timeline,
    'startedAt' | 'endedAt' | 'declaredAt' | 'achievedRtoMs' | 'recoveries' | 'objectives'
  >;
  readonly steps: readonly StepRecord[];
  readonly restorePoints?: readonly RestorePoint[];
  /** Tells which steps belong to which application, where there are several. */
  readonly runbook?: CompiledRunbook;
}

/** Measures a run, also one that is not over. */
export function measuredObjectives(run: MeasuredRun): MeasuredObjectives {
  const { timeline, restorePoints = [] } = run;
  const { recoveries = [], declaredAt, objectives } = timeline;
  const rto = recoveries.length === 0 ? unmarkedRto(run) : wholeRto(run, recoveries);
  return {
    ...(declaredAt === undefined ? {} : { declaredAt }),
    rto,
    rpo: rpoOf(restorePoints, { lostAt: rto.from, targetMs: objectives?.rpoMs }),
    applications: recoveries.map((recovery) => ({
      application: recovery.application,
      rto: rtoOf(run, { ...clockOf(run, [recovery]), to: recovery.recoveredAt }),
      rpo: rpoOf(pointsOf(run, recovery.application), {
        lostAt: clockOf(run, [recovery]).from,
        targetMs: objectives?.rpoMs,
      }),
    })),
    restorePoints,
  };
}

/** From the first loss until the last application is back. */
function wholeRto(run: MeasuredRun, recoveries: readonly Recovery[]): RecoveryTime {
  const back = recoveries.map(({ recoveredAt }) => recoveredAt);
  const to = back.some((at) => at === undefined) ? undefined : Math.max(...back.map((at) => at ?? 0));
  return rtoOf(run, { ...clockOf(run, recoveries), to });
}

interface Clock {
  readonly from: number;
  readonly fromIs: ClockStart;
}

/** Who says when the loss was is right, whatever the steps mark. */
function clockOf({ timeline }: MeasuredRun, recoveries: readonly Recovery[]): Clock {
  const { declaredAt, startedAt } = timeline;
  if (declaredAt !== undefined) return { from: declaredAt, fromIs: 'declared' };
  const from = Math.min(...recoveries.map(({ lostAt }) => lostAt));
  return { from, fromIs: from === startedAt ? 'start' : 'lost' };
}

/** Nothing is marked: until the last check that ended well, as the run itself tells it. */
function unmarkedRto(run: MeasuredRun): RecoveryTime {
  const { startedAt, declaredAt, achievedRtoMs } = run.timeline;
  const to = achievedRtoMs === undefined ? undefined : lastCheck(run.steps);
  if (declaredAt !== undefined) return rtoOf(run, { from: declaredAt, fromIs: 'declared', to });
  if (to === undefined || achievedRtoMs === undefined) {
    return rtoOf(run, { from: startedAt, fromIs: 'start', to: undefined });
  }
  return rtoOf(run, { from: to - achievedRtoMs, fromIs: 'command', to });
}

function lastCheck(steps: readonly StepRecord[]): number | undefined {
  const ends = steps
    .filter(({ path }) => !path.startsWith('cleanup/') && !path.startsWith('always/'))
    .filter(({ kind, uses }) => kind === 'check' || uses?.endsWith('.check') === true)
    .filter(({ outcome }) => outcome === 'succeeded' || outcome === 'warned')
    .flatMap(({ endedAt }) => endedAt ?? []);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function rtoOf(
  { timeline, steps }: MeasuredRun,
  { from, fromIs, to }: Clock & { readonly to: number | undefined },
): RecoveryTime {
  const { endedAt, objectives } = timeline;
  const waits = steps.flatMap((step) => step.waits ?? []);
  const waitedForPeopleMs = lengthWithin(waits, { from, to: to ?? endedAt ?? Infinity });
  const achievedMs = to === undefined ? undefined : Math.max(0, to - from);
  const targetMs = objectives?.rtoMs;
  return {
    from,
    fromIs,
    ...(to === undefined ? {} : { to }),
    ...(achievedMs === undefined
      ? {}
      : { achievedMs, withoutPeopleMs: Math.max(0, achievedMs - waitedForPeopleMs) }),
    waitedForPeopleMs,
    ...(targetMs === undefined ? {} : { targetMs }),
    verdict: rtoVerdict(timeline, { achievedMs, targetMs, from }),
  };
}

/** What does not come back in time has missed it, also when nobody knows when it will. */
function rtoVerdict(
  { recoveries = [], endedAt }: MeasuredRun['timeline'],
  {
    achievedMs,
    targetMs,
    from,
  }: { achievedMs: number | undefined; targetMs: number | undefined; from: number },
): ObjectiveVerdict {
  if (targetMs === undefined) return 'notPromised';
  if (achievedMs !== undefined) return achievedMs <= targetMs ? 'met' : 'missed';
  const isOver = recoveries.length > 0 && endedAt !== undefined;
  return isOver || (endedAt ?? from) - from > targetMs ? 'missed' : 'notMeasured';
}

function rpoOf(
  points: readonly RestorePoint[],
  { lostAt, targetMs }: { readonly lostAt: number; readonly targetMs: number | undefined },
): RecoveryPoint {
  const [oldest] = [...points].sort((a, b) => a.madeAt - b.madeAt);
  // A point from after the loss has lost nothing: a drill's machines were never away.
  const achievedMs = oldest === undefined ? undefined : Math.max(0, lostAt - oldest.madeAt);
  return {
    ...(achievedMs === undefined || oldest === undefined ? {} : { achievedMs, oldest }),
    points: points.length,
    ...(targetMs === undefined ? {} : { targetMs }),
    verdict:
      targetMs === undefined
        ? 'notPromised'
        : achievedMs === undefined
          ? 'notMeasured'
          : achievedMs <= targetMs
            ? 'met'
            : 'missed',
  };
}

/** The points of an application: all, where there is only one; else those of the steps that mark it. */
function pointsOf(
  { timeline, restorePoints = [], runbook }: MeasuredRun,
  application: string,
): readonly RestorePoint[] {
  if ((timeline.recoveries ?? []).length < 2) return restorePoints;
  if (runbook === undefined) return [];
  const marking = allSteps(runbook)
    .filter(({ marks }) => [...(marks?.lost ?? []), ...(marks?.recovered ?? [])].includes(application))
    .map(({ path }) => path);
  const isOf = (used: string): boolean =>
    marking.some((path) => used === path || used.startsWith(`${path}/`));
  return restorePoints.filter(({ usedBy }) => usedBy.some(isOf));
}
