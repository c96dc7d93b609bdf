import { readCorpus } from './corpus.ts';
import { casesOf, type FuzzCase } from './fuzz-case.ts';
import { judge } from './fuzz-judge.ts';

/** What the process is asked for: one batch. */
export interface BatchRequest {
  readonly seed: number;
  readonly batch: number;
}

/** What it tells: the case it is about to run, so that the parent knows which one hangs or crashes; then the sums. */
export type FuzzMessage =
  | { readonly kind: 'case'; readonly index: number }
  | { readonly kind: 'finding'; readonly index: number; readonly what: string; readonly text: string }
  | {
      readonly kind: 'batch';
      readonly codes: Readonly<Record<string, number>>;
      readonly worst: Worst;
      readonly heapBytes: number;
    };

export interface Worst {
  readonly index: number;
  readonly milliseconds: number;
}

const MICROSECONDS_PER_MS = 1_000;
/** Some errors quote the whole input. */
const MAX_TOLD = 2_000;

/** The process in which hostile inputs are tried: one that hangs or aborts takes nobody with it. */
const corpus = await readCorpus();

process.on('message', (request: BatchRequest) => void runBatch(request));
// Ctrl-C reaches both: the parent ends this process when the batch is over.
process.on('SIGINT', () => undefined);
// Without its parent nobody is there to be told.
process.on('disconnect', () => process.exit());

async function runBatch(request: BatchRequest): Promise<void> {
  const codes: Record<string, number> = {};
  let worst: Worst = { index: 0, milliseconds: 0 };
  for (const [index, one] of casesOf(corpus, request).entries()) {
    // It must have left before the case can hang.
    await tell({ kind: 'case', index });
    const began = process.cpuUsage();
    try {
      for (const code of new Set(judge(one))) codes[code] = (codes[code] ?? 0) + 1;
    } catch (error) {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      await tell({ kind: 'finding', index, what: what.slice(0, MAX_TOLD), text: one.text });
    }
    const milliseconds = cpuMilliseconds(process.cpuUsage(began));
    if (milliseconds > worst.milliseconds) worst = { index, milliseconds: timeAgain(one, milliseconds) };
  }
  globalThis.gc?.();
  await tell({ kind: 'batch', codes, worst, heapBytes: process.memoryUsage().heapUsed });
}

/** What a case took that seems dear: the lesser of two times, for the collector may have cleaned up after the cases before. */
function timeAgain(one: FuzzCase, milliseconds: number): number {
  globalThis.gc?.();
  const began = process.cpuUsage();
  try {
    judge(one);
  } catch {
    // It has been told already.
  }
  return Math.min(milliseconds, cpuMilliseconds(process.cpuUsage(began)));
}

/** The time on a processor: on a machine that is busy with other things, the clock says little. */
function cpuMilliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / MICROSECONDS_PER_MS;
}

function tell(message: FuzzMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, {}, () => resolve());
  });
}
