import type { PastEstimate, StepEstimate } from '../../cli/dry-run-report.ts';
import type { RunView } from '../../client/index.ts';
import { lengthWithin } from '../../model/interval.ts';
import type { Interval } from '../../model/run.ts';
import type { Mode } from '../../model/runbook.ts';

/** What is needed of a past run: when it and its steps began and ended, and which runbook it was. */
export interface PastRun extends Interval {
  readonly digest: string;
  readonly steps: ReadonlyMap<string, PastStep>;
}

export interface PastStep extends Interval {
  /** It ended well, so that its time tells something. */
  readonly isDone: boolean;
  readonly waits: readonly Interval[];
}

/** Takes from a run what is needed of it: with its outputs, twenty long runs would not fit into memory. */
export function pastRunOf({ timeline, steps }: RunView): PastRun {
  const { startedAt, endedAt = startedAt, run } = timeline;
  const begun = steps.flatMap((step): [string, PastStep][] => {
    const { path, startedAt: from, endedAt: to, outcome, waits = [] } = step;
    if (from === undefined || to === undefined) return [];
    return [[path, { from, to, isDone: outcome === 'succeeded' || outcome === 'warned', waits }]];
  });
  return { from: startedAt, to: endedAt, digest: run.runbookDigest, steps: new Map(begun) };
}

/** How long past runs took, whole and step by step. Time in which people were waited for is told apart. */
export class PastTimes {
  readonly #runs: readonly PastRun[];
  readonly #mode: Mode;
  readonly #waiting: readonly (readonly (readonly [path: string, step: PastStep])[])[];

  constructor(runs: readonly PastRun[], mode: Mode) {
    this.#runs = runs;
    this.#mode = mode;
    this.#waiting = runs.map(({ steps }) => [...steps].filter(([, { waits }]) => waits.length > 0));
  }

  /** Of the whole run. `digest` is that of the runbook as it is now. */
  whole(digest: string): PastEstimate {
    const times = this.#runs.map((run, index) => apart(run, this.#waitsIn(index)));
    const changed = this.#runs.filter((run) => run.digest !== digest).length;
    return { kind: 'estimate', runs: times.length, mode: this.#mode, changed, ...medians(times) };
  }

  /** Of the step at a path, with what stands in it; undefined when it has never ended well. */
  ofStep(path: string): StepEstimate | undefined {
    const times = this.#runs.flatMap(({ steps }, index) => {
      const step = steps.get(path);
      return step?.isDone === true ? [apart(step, this.#waitsIn(index, path))] : [];
    });
    return times.length === 0 ? undefined : { runs: times.length, ...medians(times) };
  }

  /** When people were waited for in a run, or in one step of it and what stands in that. */
  #waitsIn(run: number, within?: string): Interval[] {
    const waiting = this.#waiting[run] ?? [];
    return waiting.flatMap(([path, { waits }]) =>
      within === undefined || path === within || path.startsWith(`${within}/`) ? waits : [],
    );
  }
}

interface Times {
  readonly takesMs: number;
  readonly peopleMs: number;
}

/** A time, with the part of it in which people were waited for taken out. */
function apart(time: Interval, waits: readonly Interval[]): Times {
  const peopleMs = lengthWithin(waits, time);
  return { takesMs: time.to - time.from - peopleMs, peopleMs };
}

function medians(times: readonly Times[]): Times {
  return {
    takesMs: median(times.map(({ takesMs }) => takesMs)),
    peopleMs: median(times.map(({ peopleMs }) => peopleMs)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper;
  return Math.round((lower + upper) / 2);
}
