import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { MusterError, openGates, type RunView } from '../../src/client/index.ts';
import { compileRunbook } from '../../src/language/index.ts';
import { textOf } from '../../src/model/json.ts';
import type { CompiledRunbook } from '../../src/model/runbook.ts';
import { openStageOn, type Stage, type StagePlace } from '../support/open-stage.ts';
import { runbookOf } from '../support/runbook-of.ts';
import { filled } from './fill.ts';
import { randomRunbook, type Answers, type RandomRunbook } from './random-runbook.ts';
import { interpret, type Reference } from './reference-interpreter.ts';

const LOOK_EVERY_MS = 40;
/** A run that does not move for so long waits for what nobody will do; none waits longer by itself. */
const GIVE_UP_AFTER_MS = 120_000;
/** How many runs are under way at a time: most of each is waiting. */
const RUNS_AT_A_TIME = 6;

/** A runbook that the engine took another way than the reference. */
export interface Difference {
  /** Its place among the runbooks of its seed. */
  readonly index: number;
  readonly lines: string;
  readonly continueAfter: number | undefined;
  /** Where each step and the run ended; a sentence when the run did not end, or something was refused. */
  readonly engine: Reference | string;
  readonly reference: Reference;
}

/** Which random runbooks are tried: always the same ones for the same seed. */
export interface TrialBatch {
  readonly seed: number;
  readonly count: number;
  /** Aborts when somebody wants it to end. */
  readonly signal?: AbortSignal;
}

/**
 * Runs random runbooks on the real engine and by the reference, and answers where the two differ.
 *
 * @throws the reason of the signal when that ends it
 */
export async function runTrial(
  place: StagePlace,
  { seed, count, signal }: TrialBatch,
): Promise<readonly Difference[]> {
  const stage = await openStageOn(place);
  try {
    const trials = fc.sample(
      fc.record({
        runbook: randomRunbook(),
        // Most runs never continue as new, and those that do lose a second each time.
        continueAfter: fc.constantFrom(undefined, undefined, 2, 3, 5, 8),
      }),
      { seed, numRuns: count },
    );
    const waiting = trials.entries();
    const differences: Difference[] = [];
    const lane = async (): Promise<void> => {
      for (const [index, { runbook, continueAfter }] of waiting) {
        const difference = await compare(stage, runbook, continueAfter, signal);
        if (difference !== undefined) differences.push({ index, ...difference });
      }
    };
    // All of them end before the stage does, also when one of them breaks.
    const ends = await Promise.allSettled(Array.from({ length: RUNS_AT_A_TIME }, lane));
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
    return differences.sort((a, b) => a.index - b.index);
  } finally {
    await stage.close();
  }
}

async function compare(
  stage: Stage,
  { lines, answers }: RandomRunbook,
  continueAfter: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Omit<Difference, 'index'> | undefined> {
  const text = runbookOf(filled(lines, stage));
  const reference = inOrder(byReference(compiled(text), answers));
  const engine = await byEngine(stage, text, answers, { continueAfter, signal }).catch(refusalOf);
  const isSame = JSON.stringify(engine) === JSON.stringify(reference);
  return isSame ? undefined : { lines, continueAfter, engine, reference };
}

function compiled(text: string): CompiledRunbook {
  const { runbook, diagnostics } = compileRunbook({ text, file: 'random.yaml' });
  if (runbook !== undefined) return runbook;
  throw new Error(`A random runbook does not compile: ${JSON.stringify(diagnostics)}\n${text}`);
}

function byReference(runbook: CompiledRunbook, answers: RandomRunbook['answers']): Reference {
  const script = scriptOf(answers);
  return interpret(runbook, {
    mode: 'drill',
    inputs: { yes: true, zero: 0 },
    works: (_uses, { url }) => textOf(url)?.includes('/apps/always/') === true,
    answer: (path, kind) => script(path, kind),
  });
}

async function byEngine(
  { muster }: Stage,
  text: string,
  answers: RandomRunbook['answers'],
  {
    continueAfter,
    signal,
  }: { readonly continueAfter: number | undefined; readonly signal: AbortSignal | undefined },
): Promise<Reference | string> {
  const { runId } = await muster.start({
    file: 'random.yaml',
    text,
    mode: 'drill',
    purpose: 'exercise',
    inputs: {},
    person: 'anna',
    ...(continueAfter !== undefined && { continueAfter }),
  });
  const script = scriptOf(answers);
  const answered = new Set<string>();
  let [known, movedAt] = ['', Date.now()];
  for (;;) {
    // A machine that is busy may take too long to answer once; a run that never answers does not move.
    const view = await muster.show(runId).catch(() => undefined);
    if (view?.timeline.endedAt !== undefined) return inOrder(traceOf(view));
    signal?.throwIfAborted();
    const now = standing(view);
    if (now !== known) [known, movedAt] = [now, Date.now()];
    if (Date.now() - movedAt > GIVE_UP_AFTER_MS) return `${runId} does not end: ${now}`;
    const open = openGates(view?.steps ?? []).filter(({ gate }) => !answered.has(gate.nonce));
    for (const { step, gate } of open) {
      answered.add(gate.nonce);
      const said = script(step.path, gate.kind);
      await unlessLate(
        muster.vote({
          runId,
          gate: step.path,
          ...(gate.kind === 'manual' ? { decision: 'answer', answer: said } : { decision: said as 'retry' }),
          comment: 'for the trial',
          person: gate.kind === 'approval' ? 'boris' : 'anna',
        }),
      );
    }
    if (open.length === 0) await pause(LOOK_EVERY_MS);
  }
}

/** Where a run stands that goes on: what has begun and not ended, and what has not begun. */
function standing(view: RunView | undefined): string {
  if (view === undefined) return 'it does not answer';
  const open = view.steps.filter(({ state }) => state !== 'ended');
  return open
    .map(({ path, state, attempt, gate }) => `${path} ${state} ${attempt} ${gate?.votes.length ?? ''}`.trim())
    .join(', ');
}

/** What muster refused, as an answer. @throws everything else */
function refusalOf(error: unknown): string {
  if (error instanceof MusterError) return `${error.code}: ${error.message}`;
  throw error;
}

/** An answer that the run has not looked at yet is kept. */
async function unlessLate(vote: Promise<unknown>): Promise<void> {
  try {
    await vote;
  } catch (error) {
    if (!(error instanceof MusterError) || error.code !== 'vote.unanswered') throw error;
  }
}

function traceOf({ outcome, steps }: RunView): Reference {
  return {
    run: outcome ?? 'failed',
    steps: Object.fromEntries(
      steps.map(({ path, outcome: end, attempt }) => [path, { outcome: end, attempt }]),
    ),
  };
}

function inOrder({ run, steps }: Reference): Reference {
  const sorted = Object.entries(steps).sort(([a], [b]) => (a < b ? -1 : 1));
  return { run, steps: Object.fromEntries(sorted) };
}

/** The answers of each step by its path, each kind in its order; the last one is repeated. */
function scriptOf(answers: RandomRunbook['answers']): (path: string, kind: keyof Answers) => string {
  const asked = new Map<string, number>();
  return (path, kind) => {
    const list = answers.get(path.split('/').at(-1) ?? '')?.[kind] ?? [];
    const key = `${path} ${kind}`;
    const times = asked.get(key) ?? 0;
    asked.set(key, times + 1);
    return list[Math.min(times, list.length - 1)] ?? 'skip';
  };
}
