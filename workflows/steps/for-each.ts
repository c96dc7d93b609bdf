import { ApplicationFailure } from '@temporalio/common';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { iterationOf, nameItems, type Iteration, type LoopItem } from '../../src/model/loop.ts';
import type { StepRecord } from '../../src/model/run.ts';
import type { ForEachStep, Step } from '../../src/model/runbook.ts';
import { INLINE_CHARACTERS, keepDocument, loadOutputs } from '../documents.ts';
import type { Engine } from '../engine.ts';
import { IterationFailed } from '../interruption.ts';
import { inLanes } from '../lanes.ts';
import { worstOutcome, type StepEnd } from '../records.ts';
import type { RunState } from '../run-state.ts';
import type { ScopeOf } from '../scope.ts';

/** Steps of loops a run may have in all: the records of them all go from execution to execution. */
const MAX_LOOP_RECORDS = 5_000;
/** How many failed items the gate names; the timeline has them all. */
const MAX_NAMED = 20;

/**
 * Runs its steps for each item, a few items at a time. An item whose failure is collected ends there; the loop itself
 * fails when all have been tried.
 *
 * @throws Suspended, Stopped after every iteration has come to rest; ApplicationFailure `step.itemsFailed`,
 * `step.badInput`
 */
export async function runForEach(
  engine: Engine,
  step: ForEachStep,
  record: StepRecord,
  runIteration: (block: Step) => Promise<void>,
): Promise<StepEnd> {
  const { state } = engine;
  const iterations = state.loops.of(step.path) ?? (await beginLoop(engine, step));
  record.output = countsOf(state, iterations);
  const lanes = { things: iterations, atOnce: step.maxConcurrency };
  await inLanes(engine.hold, lanes, async (iteration) => {
    if (state.record(iteration.block.path).state === 'ended') return;
    await runOne(engine, iteration, runIteration);
    record.output = countsOf(state, iterations);
  });
  const failed = iterations.filter(({ block }) => state.record(block.path).outcome === 'failed');
  if (failed.length > 0) throw itemsFailed(state, failed, iterations.length);
  return { outcome: worstOutcome(state, step), output: countsOf(state, iterations) };
}

/** What the items of a loop are, named; nothing of the run changes by asking. @throws ApplicationFailure `step.badInput` */
export function itemsOf(scope: ScopeOf, step: ForEachStep): readonly LoopItem[] {
  const keyOf = (item: Json): Json => scope.inside(iterationOf(step, { key: '?', item })).value(step.key);
  const items = nameItems(scope.value(step.items), keyOf);
  if (typeof items !== 'string') return items;
  throw ApplicationFailure.nonRetryable(`${items} Nothing of the loop was done.`, 'step.badInput');
}

async function beginLoop(engine: Engine, step: ForEachStep): Promise<readonly Iteration[]> {
  const { state } = engine;
  const items = itemsOf(engine.scope.at(step.path), step);
  const records =
    items.length * [...state.loops.walk([iterationOf(step, { key: '?', item: null }).block])].length;
  const known = [...state.records.keys()].filter((path) => state.loops.around(path) !== undefined).length;
  if (known + records > MAX_LOOP_RECORDS) {
    const message = `The loops of the run would have ${known + records} steps for all their items, and a run takes ${MAX_LOOP_RECORDS}. Make a run of its own for a part of the items. Nothing of the loop was done.`;
    throw ApplicationFailure.nonRetryable(message, 'step.badInput');
  }
  const document = { items: items as unknown as Json };
  const isSmall = JSON.stringify(document).length <= INLINE_CHARACTERS;
  const { path } = step;
  state.beginLoop(
    step,
    items,
    isSmall ? { path, items } : { path, digest: await engine.hold.inTask(() => keepDocument(document)) },
  );
  for (const { block } of state.loops.of(path) ?? []) {
    for (const { path: at, title } of state.loops.walk(block.steps)) {
      state.record(at).title = engine.scope.at(at).title(title);
    }
  }
  return state.loops.of(path) ?? [];
}

async function runOne(
  { state, hold }: Engine,
  { block }: Iteration,
  runIteration: (block: Step) => Promise<void>,
): Promise<void> {
  state.archived.delete(block.path);
  const records = [...state.loops.walk(block.steps)].map(({ path }) => state.record(path));
  const missing = state.missingOutputs(records);
  if (missing.length > 0) state.restoreOutputs(await hold.inTask(() => loadOutputs(missing)), records);
  try {
    await runIteration(block);
  } catch (error) {
    if (!(error instanceof IterationFailed)) throw error;
  }
  leaveOutputs(records, { mayRunAgain: state.record(block.path).outcome === 'failed' });
}

/**
 * Of an iteration that is over, outputs of some 2 KB stay in memory and in snapshots, the smaller ones first. What may
 * be needed again, and is kept nowhere else, stays.
 */
function leaveOutputs(records: readonly StepRecord[], { mayRunAgain }: { mayRunAgain: boolean }): void {
  const sized = records.flatMap((record) =>
    record.output === undefined ? [] : [{ record, size: JSON.stringify(record.output).length }],
  );
  let left = INLINE_CHARACTERS;
  for (const { record, size } of sized.sort((a, b) => a.size - b.size)) {
    left -= size;
    if (left < 0 && (!mayRunAgain || record.outputDigest !== undefined)) delete record.output;
  }
}

function countsOf(state: RunState, iterations: readonly Iteration[]): JsonObject {
  const outcomes = iterations.map(({ block }) => state.record(block.path).outcome);
  const count = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
  return {
    total: iterations.length,
    succeeded: count('succeeded'),
    warned: count('warned'),
    failed: count('failed'),
  };
}

function itemsFailed(state: RunState, failed: readonly Iteration[], total: number): ApplicationFailure {
  const named = failed.slice(0, MAX_NAMED).map(({ key, block }) => {
    const broken = [...state.loops.walk(block.steps)].find(
      ({ path }) => state.record(path).failure !== undefined,
    );
    const { code, message } = (broken && state.record(broken.path).failure) ?? {};
    return { key, ...(broken && { step: broken.path }), ...(code && { code }), ...(message && { message }) };
  });
  const keys = named.map(({ key }) => key).join(', ');
  const more = failed.length > named.length ? ` and ${failed.length - named.length} more` : '';
  return ApplicationFailure.create({
    message: `${total - failed.length} ok, ${failed.length} failed: ${keys}${more}. Retry those, skip those, or abort.`,
    type: 'step.itemsFailed',
    nonRetryable: true,
    details: [{ ok: total - failed.length, failed: failed.length, items: named }],
  });
}
