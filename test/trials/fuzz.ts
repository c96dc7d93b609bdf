import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readCorpus } from './corpus.ts';
import { BATCH_SIZE, casesOf } from './fuzz-case.ts';
import type { BatchRequest, FuzzMessage } from './fuzz-process.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** An input without an answer after this long has hung. The worst takes 200 ms, but the machine may be busy. */
const HANG_MS = 120_000;
/** After these batches all that is kept on purpose (parsed expressions) has been kept. */
const WARM_BATCHES = 60;
/** What the heap may grow by after that. */
const MAX_GROWTH_BYTES = 48 * 1_024 * 1_024;
/** How much of the last words of a process is kept. */
const MAX_SAID = 4_000;
/** So that a heap without bounds ends the process, and not the machine. */
const HEAP_MB = 768;

/** One input that was not answered as it may be. */
export interface Finding {
  readonly seed: number;
  readonly batch: number;
  readonly index: number;
  readonly what: string;
  /** The input. */
  readonly text: string;
}

/** The sums so far; what a later run resumes from. */
export interface FuzzState {
  readonly seed: number;
  /** The number of the next batch. */
  readonly batch: number;
  readonly cases: number;
  readonly milliseconds: number;
  /** How many inputs were answered with each code; `ok` for a result. */
  readonly codes: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  /** The input that took longest, in CPU time. */
  readonly worst: { readonly milliseconds: number; readonly batch: number; readonly index: number };
  /** The heap after garbage collection: the least of the warm batches, and the last. */
  readonly heap: { readonly warm?: number; readonly last: number };
}

export function newState(seed: number): FuzzState {
  const worst = { milliseconds: 0, batch: 0, index: 0 };
  return { seed, batch: 0, cases: 0, milliseconds: 0, codes: {}, findings: [], worst, heap: { last: 0 } };
}

/** Whether the heap has grown beyond what is kept on purpose. */
export function hasGrown({ heap: { warm, last } }: FuzzState): boolean {
  return warm !== undefined && last - warm > MAX_GROWTH_BYTES;
}

/**
 * Tries hostile inputs, batch after batch, until `isOver` says so. Each runs in a process of its own, which is watched:
 * a hang or a crash is a finding as well, and the next batch goes on in a new process.
 */
export async function fuzz(
  from: FuzzState,
  {
    isOver,
    onBatch,
  }: { isOver: (state: FuzzState) => boolean; onBatch?: (state: FuzzState) => Promise<void> | void },
): Promise<FuzzState> {
  let state = from;
  let child: FuzzChild | undefined;
  try {
    while (!isOver(state)) {
      child ??= new FuzzChild();
      const began = performance.now();
      const result = await child.run({ seed: state.seed, batch: state.batch });
      state = await added(state, result, performance.now() - began);
      if (result.ended !== undefined) child = undefined;
      await onBatch?.(state);
    }
  } finally {
    child?.end();
  }
  return state;
}

interface BatchResult {
  /** Without its text where the process could not tell. */
  readonly findings: readonly { readonly index: number; readonly what: string; readonly text?: string }[];
  readonly done?: Extract<FuzzMessage, { kind: 'batch' }>;
  /** Why the process is no more. */
  readonly ended?: string;
}

async function added(
  state: FuzzState,
  { findings, done }: BatchResult,
  milliseconds: number,
): Promise<FuzzState> {
  const { seed, batch } = state;
  const cases = findings.some(({ text }) => text === undefined)
    ? casesOf(await readCorpus(), { seed, batch })
    : [];
  const found = findings.map(({ index, what, text = cases[index]?.text ?? '' }) => ({
    seed,
    batch,
    index,
    what,
    text,
  }));
  const codes = { ...state.codes };
  for (const [code, count] of Object.entries(done?.codes ?? {})) codes[code] = (codes[code] ?? 0) + count;
  const isWorse = done !== undefined && done.worst.milliseconds > state.worst.milliseconds;
  const last = done?.heapBytes ?? state.heap.last;
  const warm = batch < WARM_BATCHES ? undefined : Math.min(state.heap.warm ?? last, last);
  return {
    seed,
    batch: batch + 1,
    cases: state.cases + BATCH_SIZE,
    milliseconds: state.milliseconds + milliseconds,
    codes,
    findings: [...state.findings, ...found],
    worst: isWorse ? { ...done.worst, batch } : state.worst,
    heap: { last, ...(warm === undefined ? {} : { warm }) },
  };
}

/** The process that runs batches. */
class FuzzChild {
  readonly #child: ChildProcess;
  /** Until it has begun its first case. */
  #isNew = true;
  /** What it wrote last on stderr. */
  #said = '';

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'fuzz-process.ts'), {
      cwd: ROOT,
      execArgv: ['--import', 'tsx', '--expose-gc', `--max-old-space-size=${HEAP_MB}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString()).slice(-MAX_SAID);
    });
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  /**
   * Runs one batch; ends the process when a case takes too long.
   *
   * @throws Error when the process does not even start
   */
  async run(request: BatchRequest): Promise<BatchResult> {
    const findings: { index: number; what: string; text?: string }[] = [];
    let index = -1;
    const stop = new AbortController();
    let lastSign = performance.now();
    const over = new Promise<BatchResult>((resolve, reject) => {
      const onMessage = (message: FuzzMessage): void => {
        lastSign = performance.now();
        switch (message.kind) {
          case 'case':
            this.#isNew = false;
            index = message.index;
            return;
          case 'finding':
            findings.push(message);
            return;
          case 'batch':
            resolve({ findings, done: message });
        }
      };
      const onExit = (code: number | null, signal: string | null): void => {
        const ended = `The process ended (${signal ?? String(code)}). ${this.#said}`;
        if (this.#isNew) reject(new Error(`Fuzzing cannot start. ${ended}`));
        resolve({ findings: [...findings, { index, what: ended }], ended });
      };
      this.#child.on('message', onMessage);
      this.#child.once('exit', onExit);
      stop.signal.addEventListener('abort', () => {
        this.#child.off('message', onMessage);
        this.#child.off('exit', onExit);
      });
      this.#child.send(request);
    });
    const silentFor = (): number => performance.now() - lastSign;
    const watchdog = this.#watch(silentFor, stop.signal).then((): BatchResult => {
      this.end();
      const ended = `No answer after ${HANG_MS} ms.`;
      return { findings: [...findings, { index, what: ended }], ended };
    });
    try {
      return await Promise.race([over, watchdog]);
    } finally {
      stop.abort();
    }
  }

  /** Settles when nothing has been heard for too long; never when `signal` aborts. */
  async #watch(silentFor: () => number, signal: AbortSignal): Promise<void> {
    try {
      while (silentFor() < HANG_MS) await pause(500, undefined, { signal });
    } catch {
      // The batch is over; the race has been decided.
      await new Promise(() => undefined);
    }
  }
}
