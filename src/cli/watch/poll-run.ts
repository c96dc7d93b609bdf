import { isOver, MusterError, type Muster, type RunView } from '../../client/index.ts';

/** Fast enough to feel live, and three queries a second are nothing to a worker. */
const SHORTEST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 1_000;
const GROWTH = 1.25;
/** A server that restarts is back by then. */
const LONGEST_LOSS_MS = 60_000;
const SURVIVABLE = new Set(['temporal.unreachable', 'run.unanswered']);

/** A look at a run: how it stands, or that it cannot be seen for the moment. */
export type Look =
  | { readonly view: RunView; readonly isChanged: boolean }
  | { readonly lost: MusterError; readonly sinceMs: number };

export interface PollOptions {
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Looks at a run until it is over or the signal is aborted. A short loss of the server or its worker is told, not
 * thrown; a run that could never be seen is thrown at once.
 */
export async function* pollRun(
  muster: Muster,
  runId: string,
  { now, sleep, signal }: PollOptions,
): AsyncGenerator<Look, void, undefined> {
  let lostAt: number | undefined;
  let seen: string | undefined;
  let pause = SHORTEST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      const view = await unlessAborted(muster.show(runId), signal);
      if (view === undefined) return;
      const text = JSON.stringify(view);
      const isChanged = text !== seen;
      pause = isChanged ? SHORTEST_PAUSE_MS : Math.min(pause * GROWTH, LONGEST_PAUSE_MS);
      [seen, lostAt] = [text, undefined];
      yield { view, isChanged };
      if (isOver(view)) return;
    } catch (error) {
      if (!(error instanceof MusterError) || !SURVIVABLE.has(error.code)) throw error;
      if (seen === undefined && error.code === 'temporal.unreachable') throw error;
      lostAt ??= now();
      if (now() - lostAt >= LONGEST_LOSS_MS) throw error;
      yield { lost: error, sinceMs: now() - lostAt };
      pause = LONGEST_PAUSE_MS;
    }
    await sleep(pause, signal);
  }
}

/** The value, or undefined as soon as the signal is aborted: Ctrl-C does not wait for an answer. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const watch = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    const end = (): void => resolve(undefined);
    signal.addEventListener('abort', end, { once: true, signal: watch.signal });
    if (signal.aborted) end();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    watch.abort();
    promise.catch(() => undefined);
  }
}
