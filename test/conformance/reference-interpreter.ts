import { parseExpression } from '../../src/model/expression.ts';
import { textOf, type Json, type JsonObject } from '../../src/model/json.ts';
import type { Outcome } from '../../src/model/run.ts';
import {
  failurePolicy,
  type CompiledRunbook,
  type ForEachStep,
  type Mode,
  type Step,
} from '../../src/model/runbook.ts';
import { renderText } from '../../src/model/template.ts';

/** What the interpreter is told instead of asking the world and people. */
export interface Script {
  readonly mode: Mode;
  readonly inputs: JsonObject;
  /** Whether an action succeeds. */
  readonly works: (uses: string, given: JsonObject) => boolean;
  /** The answers at the gates of a step, one after the other; `gate` says what is asked. */
  readonly answer: (path: string, gate: 'approval' | 'manual' | 'decision') => string;
}

/** How a step came out, and at which try; a step that never began has tried nothing. */
export interface Told {
  outcome: Outcome | undefined;
  attempt: number;
}

export interface Reference {
  readonly run: Outcome;
  readonly steps: Readonly<Record<string, Told>>;
}

interface Note extends Told {
  /** Left out because the item of a loop was over. */
  isLeftOut?: true;
  isDecided?: true;
}

/** Where a step stands: its path, the items around it, and whether its failure waits for the end of a loop. */
interface Place {
  readonly path: string;
  readonly items: JsonObject;
  readonly isCollected: boolean;
}

/** The run goes no further. */
class Stop extends Error {}
/** The item of a loop is over. */
class ItemOver extends Error {}
/** The step failed. */
class Failed extends Error {
  readonly isOfItems: boolean;
  constructor(isOfItems = false) {
    super('failed');
    this.isOfItems = isOfItems;
  }
}

/**
 * What a run of a compiled runbook comes to, by the rules of docs/language.md alone: no Temporal, no time, no side effect.
 * Branches and items are done one after the other, so that it knows no runbook in which their order matters. It knows
 * checks, reads, approvals, manual steps, blocks, branches that do not fail fast, and loops.
 */
export function interpret(runbook: CompiledRunbook, script: Script): Reference {
  const notes = new Map<string, Note>();
  /** The step that an id means now: in a loop that of the item under way. */
  const paths = new Map<string, string>();
  let stopped: Outcome | undefined;
  let isSheltered = false;

  const note = (path: string): Note => {
    const known = notes.get(path) ?? { outcome: undefined, attempt: 0 };
    notes.set(path, known);
    return known;
  };
  const scope = ({ items }: Place): JsonObject => ({
    ...items,
    inputs: script.inputs,
    vars: Object.fromEntries(
      Object.entries(runbook.vars).map(([name, by]) => [name, by[script.mode] ?? null]),
    ),
    steps: Object.fromEntries([...paths].map(([id, path]) => [id, { outcome: note(path).outcome ?? '' }])),
    run: { mode: script.mode },
  });
  const holds = (expression: string, place: Place): boolean => {
    try {
      return parseExpression(expression).evaluate(scope(place)) === true;
    } catch {
      throw new Failed();
    }
  };
  const inside = (step: Step, place: Place): Place => ({ ...place, path: `${place.path}/${step.id}` });
  /** The places of what stands in a step; of a loop, once it has begun, the items. */
  const begun = new Map<string, readonly Place[]>();
  const within = (step: Step, place: Place): (readonly [Step, Place])[] => {
    if (step.kind === 'forEach') return (begun.get(place.path) ?? []).map((item) => [iteration(step), item]);
    const children = step.kind === 'steps' ? step.steps : step.kind === 'parallel' ? step.branches : [];
    return children.map((child) => [child, inside(child, place)]);
  };
  const iteration = ({ steps, id, title }: ForEachStep): Step => ({
    kind: 'steps',
    id,
    path: '',
    title,
    steps,
  });

  const pass = (step: Step, place: Place, isLeftOut: boolean): void => {
    const told = note(place.path);
    paths.set(step.id, place.path);
    if (told.outcome === undefined) {
      told.outcome = 'skipped';
      if (isLeftOut) told.isLeftOut = true;
    }
    for (const [child, at] of within(step, place)) pass(child, at, isLeftOut);
  };
  /** Tries what failed again, down to where it failed, and what was left out for that. */
  const reopen = (step: Step, place: Place): void => {
    const told = note(place.path);
    const isOver = told.outcome === 'failed' && failurePolicy(step, script.mode) === 'pause';
    if (!isOver && told.isLeftOut !== true) return;
    told.outcome = undefined;
    delete told.isLeftOut;
    for (const [child, at] of within(step, place)) reopen(child, at);
  };

  const perform = (step: Step, place: Place): Outcome => {
    switch (step.kind) {
      case 'check':
        if (holds(step.check, place)) return 'succeeded';
        throw new Failed();
      case 'uses':
        if (script.works(step.uses, step.with)) return 'succeeded';
        throw new Failed();
      case 'manual': {
        const outcome = step.answers[script.answer(place.path, 'manual')] ?? 'failed';
        if (outcome === 'failed') throw new Failed();
        return outcome;
      }
      case 'approval':
        return script.answer(place.path, 'approval') === 'approve' ? 'succeeded' : 'rejected';
      case 'forEach':
        return loop(step, place);
      case 'steps':
      case 'parallel':
        inOrder(step, place);
        return worst(step, place);
      case 'wait':
      case 'runbook':
        throw new Error(`the reference does not know ${step.kind}`);
    }
  };
  const worst = (step: Step, place: Place): Outcome => {
    const outcomes = within(step, place).map(([, { path }]) => note(path).outcome);
    return outcomes.some((one) => one === 'warned' || one === 'failed') ? 'warned' : 'succeeded';
  };
  /** A failed branch does not keep the others back; a failed step of a block does. */
  const inOrder = (step: Step, place: Place): void => {
    let over: ItemOver | undefined;
    for (const [child, at] of within(step, place)) {
      try {
        run(child, at);
      } catch (error) {
        if (!(error instanceof ItemOver) || step.kind === 'steps') throw error;
        over ??= error;
      }
    }
    if (over !== undefined) throw over;
  };
  const loop = (step: ForEachStep, place: Place): Outcome => {
    const items = begun.get(place.path) ?? itemsOf(step, place);
    begun.set(place.path, items);
    for (const item of items) for (const [child, at] of within(iteration(step), item)) lay(child, at);
    for (const item of items) {
      try {
        run(iteration(step), item);
      } catch (error) {
        if (!(error instanceof ItemOver)) throw error;
      }
    }
    if (items.some(({ path }) => note(path).outcome === 'failed')) throw new Failed(true);
    return worst(step, place);
  };
  const itemsOf = (step: ForEachStep, place: Place): readonly Place[] => {
    const list = renderText(step.items, scope(place)) as readonly Json[];
    return list.map((item) => {
      const at = { ...place, items: { ...place.items, [step.as]: item } };
      const key = encodeURIComponent(textOf(renderText(step.key, scope(at))) ?? '');
      return { ...at, path: `${place.path}/${key}`, isCollected: place.isCollected || step.collect };
    });
  };
  /** A step of the run is told of from the beginning, a step of a loop once that has begun. */
  const lay = (step: Step, place: Place): void => {
    note(place.path);
    for (const [child, at] of within(step, place)) lay(child, at);
  };

  const decide = (step: Step, place: Place, isOfItems: boolean): Outcome | 'again' => {
    const told = note(place.path);
    told.isDecided = true;
    switch (script.answer(place.path, 'decision')) {
      case 'retry':
        if (isOfItems) {
          for (const [block, at] of within(step, place)) reopen(block, at);
        }
        return 'again';
      case 'done':
        return 'succeeded';
      case 'abort':
        stopped ??= 'failed';
        return 'failed';
      default:
        if (isOfItems) return 'warned';
        pass(step, place, false);
        return 'skipped';
    }
  };
  /** One try of a step; undefined when it is to be tried again. */
  const attempt = (step: Step, place: Place): Outcome | undefined => {
    const told = note(place.path);
    const policy = failurePolicy(step, script.mode);
    try {
      told.attempt += 1;
      if (step.if !== undefined && !holds(step.if, place)) {
        pass(step, place, false);
        return 'skipped';
      }
      return perform(step, place);
    } catch (error) {
      if (error instanceof Stop) told.outcome = 'cancelled';
      const isOver = error instanceof ItemOver;
      if (isOver) for (const [child, at] of within(step, place)) pass(child, at, true);
      if (!isOver && !(error instanceof Failed)) throw error;
      if (policy === 'stop' || policy === 'rollback') stopped ??= 'failed';
      if (policy !== 'pause') return left(step, place, 'failed');
      if (isOver || place.isCollected) {
        told.outcome = 'failed';
        throw new ItemOver();
      }
      const decided = decide(step, place, error.isOfItems);
      return decided === 'again' ? undefined : left(step, place, decided);
    }
  };
  /** What is in a step that ended without it is left out. */
  const left = (step: Step, place: Place, outcome: Outcome): Outcome => {
    for (const [child, at] of within(step, place)) pass(child, at, false);
    return outcome;
  };
  const run = (step: Step, place: Place): void => {
    const told = note(place.path);
    paths.set(step.id, place.path);
    if (told.outcome !== undefined) return;
    if (step.modes !== undefined && !step.modes.includes(script.mode)) {
      pass(step, place, false);
      return;
    }
    while (told.outcome === undefined) told.outcome = attempt(step, place);
    if (told.outcome === 'rejected') stopped ??= 'rejected';
    if (stopped !== undefined && !isSheltered) throw new Stop();
  };

  const top = (step: Step, phase = ''): readonly [Step, Place] => [
    step,
    { path: `${phase}${step.id}`, items: {}, isCollected: false },
  ];
  const phase = (steps: readonly (readonly [Step, Place])[]): void => {
    for (const [step, place] of steps) run(step, place);
  };
  const steps = runbook.steps.map((step) => top(step));
  const cleanup = runbook.cleanup.map((step) => top(step, 'cleanup/'));
  const always = runbook.always.map((step) => top(step, 'always/'));
  for (const [step, place] of [...steps, ...cleanup, ...always]) lay(step, place);
  try {
    phase(steps);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  for (const [step, place] of steps) pass(step, place, false);
  isSheltered = true;
  if (script.mode === 'drill') phase(cleanup);
  else for (const [step, place] of cleanup) pass(step, place, false);
  const deviates = [...notes.values()].some(
    ({ outcome, isDecided }) =>
      outcome === 'warned' || outcome === 'failed' || (outcome === 'skipped' && isDecided === true),
  );
  const outcome = stopped ?? (deviates ? 'warned' : 'succeeded');
  phase(always);
  return {
    run: outcome,
    steps: Object.fromEntries(
      [...notes].map(([path, told]) => [path, { outcome: told.outcome, attempt: told.attempt }]),
    ),
  };
}
