import { runTrial, type Difference } from '../conformance/trial.ts';
import type { StagePlace } from '../support/open-stage.ts';

/** Few enough that little is lost when a batch is interrupted. */
const RUNS_IN_A_BATCH = 12;

/** One runbook that the engine took another way than the reference. */
export interface RunbookFinding extends Difference {
  readonly seed: number;
  readonly batch: number;
}

/** The sums so far; what a later run resumes from. */
export interface RunbooksState {
  readonly seed: number;
  /** The number of the next batch. */
  readonly batch: number;
  readonly runs: number;
  readonly milliseconds: number;
  readonly findings: readonly RunbookFinding[];
}

export function newRunbooksState(seed: number): RunbooksState {
  return { seed, batch: 0, runs: 0, milliseconds: 0, findings: [] };
}

/**
 * Compares random runbooks with the reference interpreter, batch after batch, until `isOver` says so. A batch that the
 * signal interrupts does not count: it is done again when the trial is resumed.
 */
export async function tryRunbooks(
  from: RunbooksState,
  place: StagePlace,
  {
    isOver,
    onBatch,
    signal,
    runs = RUNS_IN_A_BATCH,
  }: {
    isOver: (state: RunbooksState) => boolean;
    onBatch?: (state: RunbooksState) => Promise<void> | void;
    signal?: AbortSignal;
    /** In a batch; which ones a seed gives depends on it. Default 12. */
    runs?: number;
  },
): Promise<RunbooksState> {
  let state = from;
  while (!isOver(state)) {
    const began = performance.now();
    const found = await differencesOf(state, place, runs, signal);
    if (found === undefined) break;
    const { seed, batch } = state;
    state = {
      seed,
      batch: batch + 1,
      runs: state.runs + runs,
      milliseconds: state.milliseconds + performance.now() - began,
      findings: [...state.findings, ...found.map((difference) => ({ seed, batch, ...difference }))],
    };
    await onBatch?.(state);
  }
  return state;
}

/** Undefined when the signal ended it. */
async function differencesOf(
  { seed, batch }: RunbooksState,
  place: StagePlace,
  count: number,
  signal: AbortSignal | undefined,
): Promise<readonly Difference[] | undefined> {
  try {
    return await runTrial(place, { seed: seed + batch, count, ...(signal && { signal }) });
  } catch (error) {
    if (signal?.aborted === true) return undefined;
    throw error;
  }
}
