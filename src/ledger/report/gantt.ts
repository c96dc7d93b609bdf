import type { Interval } from '../../model/run.ts';
import { isLeafStep } from '../../model/step-times.ts';
import type { RunReport, Tone } from './report-types.ts';
import { durationText, stampText, toneOf } from './words.ts';

/** More rows than this are no picture any more; the table of steps has them all. */
const MAX_ROWS = 60;
/** Ticks are whole numbers of these. */
const STEPS_MS = [
  1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
];
const MAX_TICKS = 7;

/** When each step ran, as a picture: what is drawn, not how. Times are milliseconds since 1970. */
export interface Gantt {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly GanttTick[];
  readonly rows: readonly GanttRow[];
  /** Moments that matter. */
  readonly marks: readonly GanttTick[];
  /** Steps that are not drawn. */
  readonly more: number;
}

export interface GanttTick {
  readonly at: number;
  readonly label: string;
}

export interface GanttRow {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
  /** When people were waited for. */
  readonly waits: readonly Interval[];
  /** All of it in words, for who cannot see it. */
  readonly says: string;
}

/** The timeline of a run: one row for each step that did something itself. */
export function ganttOf({
  run,
  steps,
  objectives,
  madeAt,
}: Omit<RunReport, 'comparison'>): Gantt | undefined {
  const end = run.endedAt ?? madeAt;
  const ran = steps.filter(
    (step) =>
      step.startedAt !== undefined &&
      step.takenOver !== true &&
      (isLeafStep(step) || step.kind === 'runbook'),
  );
  if (ran.length === 0) return undefined;
  const { declaredAt, rto } = objectives;
  const length = Math.max(1_000, end - run.startedAt);
  // A loss that was declared long before would leave no room for the run.
  const shown = declaredAt !== undefined && run.startedAt - declaredAt <= length ? declaredAt : run.startedAt;
  const from = Math.min(run.startedAt, shown);
  const to = Math.max(end, from + 1_000);
  const rows = ran.map(({ path, outcome, startedAt = from, endedAt = end, waits }): GanttRow => {
    const began = stampText(startedAt - run.startedAt);
    const waited = waits.reduce((sum, wait) => sum + wait.to - wait.from, 0);
    const people = waited === 0 ? '' : `, ${durationText(waited)} of it waiting for people`;
    return {
      label: path,
      from: startedAt,
      to: Math.max(startedAt, endedAt),
      tone: toneOf(outcome),
      waits,
      says: `${path}: ${outcome ?? 'not ended'}, from ${began} for ${durationText(endedAt - startedAt)}${people}`,
    };
  });
  const marks = [
    ...(declaredAt !== undefined && declaredAt >= from ? [{ at: declaredAt, label: 'loss declared' }] : []),
    ...(rto.to === undefined ? [] : [{ at: rto.to, label: 'recovered' }]),
  ];
  return {
    from,
    to,
    ticks: ticksOf(from, to, run.startedAt),
    rows: rows.slice(0, MAX_ROWS),
    marks,
    more: Math.max(0, rows.length - MAX_ROWS),
  };
}

/** Round times of the run's own clock. */
function ticksOf(from: number, to: number, zero: number): GanttTick[] {
  const length = to - from;
  const step = STEPS_MS.find((ms) => length / ms <= MAX_TICKS) ?? Math.ceil(length / MAX_TICKS);
  const ticks: GanttTick[] = [];
  for (let at = zero + Math.ceil((from - zero) / step) * step; at <= to; at += step) {
    ticks.push({ at, label: stampText(at - zero) });
  }
  return ticks;
}
