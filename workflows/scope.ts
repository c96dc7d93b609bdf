import { ExpressionError, parseExpression, type Reference, type Scope } from '../src/model/expression.ts';
import type { Json, JsonObject } from '../src/model/json.ts';
import { movedPath, type Iteration } from '../src/model/loop.ts';
import type { StepRecord } from '../src/model/run.ts';
import { allSteps, outsideLoops } from '../src/model/runbook.ts';
import { renderObject, renderText, templateReferences } from '../src/model/template.ts';
import type { RunState } from './run-state.ts';

/** What does not change while a run goes on. */
interface Fixed {
  readonly state: RunState;
  /** People may give some of them while the run goes on. */
  readonly inputs: () => JsonObject;
  readonly vars: JsonObject;
  /** As the runbook is written: of a step in a loop without the key of an item. */
  readonly pathOfId: ReadonlyMap<string, string>;
}

/**
 * Evaluates what a runbook says over the state of its run: `inputs`, `vars`, `steps` and `run`, and in a loop the item.
 */
export class ScopeOf {
  readonly #fixed: Fixed;
  /** The iterations it stands in, the outermost first. */
  readonly #chain: readonly Iteration[];

  private constructor(fixed: Fixed, chain: readonly Iteration[]) {
    this.#fixed = fixed;
    this.#chain = chain;
  }

  /** The scope of a run, outside of loops. */
  static of(state: RunState, inputs: () => JsonObject): ScopeOf {
    const { mode } = state.identity;
    const vars = Object.fromEntries(
      Object.entries(state.runbook.vars).map(([name, byMode]) => [name, byMode[mode] ?? null]),
    );
    const pathOfId = new Map(allSteps(state.runbook).map(({ id, path }) => [id, path]));
    return new ScopeOf({ state, inputs, vars, pathOfId }, []);
  }

  /** The scope of the step at `path`: inside a loop that of its iteration. */
  at(path: string): ScopeOf {
    const chain = this.#fixed.state.loops.chainAround(path);
    return chain.at(-1) === this.#chain.at(-1) ? this : new ScopeOf(this.#fixed, chain);
  }

  /** The scope of an iteration of a loop that stands in this scope; it may not have begun. */
  inside(iteration: Iteration): ScopeOf {
    return new ScopeOf(this.#fixed, [...this.#chain, iteration]);
  }

  /** Whether a condition is true. @throws ExpressionError also when it is neither true nor false */
  holds(source: string, more: Scope = {}): boolean {
    const expression = parseExpression(source);
    const value = expression.evaluate({ ...this.#scopeFor(expression.references), ...more });
    if (typeof value === 'boolean') return value;
    throw new ExpressionError('EXPRESSION_FAILED', `This is neither true nor false: ${source}`);
  }

  /** Renders every template in `value`. @throws ExpressionError */
  render(value: JsonObject): JsonObject {
    return renderObject(value, this.#scopeFor(textsIn(value).flatMap(templateReferences)));
  }

  /** Renders one template. @throws ExpressionError */
  value(text: string): Json {
    return renderText(text, this.#scopeFor(templateReferences(text)));
  }

  /** Renders a title; one that cannot be rendered (yet) stays as it is written: no run stops for that. */
  title(text: string): string {
    if (!text.includes('${{')) return text;
    try {
      const value = renderText(text, this.#roots());
      return typeof value === 'string' ? value : JSON.stringify(value);
    } catch (error) {
      if (error instanceof ExpressionError) return text;
      throw error;
    }
  }

  /** The roots that a repeated read may use: its activity has no other. */
  pollScope(): JsonObject {
    return this.#roots();
  }

  #roots(): { readonly [root: string]: Json } {
    const { state, inputs, vars } = this.#fixed;
    const items = Object.fromEntries(this.#chain.map(({ loop, item }) => [loop.as, item]));
    return { inputs: inputs(), vars, run: runOf(state), ...items };
  }

  /** Only the steps that are named are put in: a long runbook must not be copied for each `if`. */
  #scopeFor(references: readonly Reference[]): Scope {
    const named = new Map<string, (readonly string[])[]>();
    for (const { path } of references) {
      const [root, id, ...rest] = path;
      if (root === 'steps' && id !== undefined) named.set(id, [...(named.get(id) ?? []), rest]);
    }
    const steps: Record<string, Json> = {};
    for (const [id, paths] of named) {
      const step = this.#step(id, paths);
      if (step !== undefined) steps[id] = step;
    }
    return { ...this.#roots(), steps };
  }

  /** What an expression sees of a step; of the items of a loop those that `paths` name. */
  #step(id: string, paths: readonly (readonly string[])[]): JsonObject | undefined {
    const { state, pathOfId } = this.#fixed;
    // The path of an inner loop has the key of the outer item in it, so the outermost comes first.
    const path = this.#chain.reduce(
      (moved, { loop, block }) => movedPath(moved, loop.path, block.path),
      pathOfId.get(id) ?? '',
    );
    const record = state.records.get(path);
    if (record === undefined) return undefined;
    const items = record.kind === 'forEach' ? (state.loops.of(path) ?? []) : [];
    const asked = paths.filter(([what]) => what === 'items').map(([, key]) => key);
    if (asked.length === 0) return visible(record);
    const isAsked = ({ key }: Iteration): boolean => asked.includes(undefined) || asked.includes(key);
    return {
      ...visible(record),
      items: Object.fromEntries(
        items.filter(isAsked).map((iteration) => [iteration.key, visibleItem(state, iteration)]),
      ),
    };
  }
}

function runOf({ identity: { runId, mode, purpose, starter }, outcome }: RunState): JsonObject {
  return { id: runId, mode, purpose, starter, ...(outcome === undefined ? {} : { outcome }) };
}

/** What an expression sees of a step. Times are ISO 8601. */
function visible({ outcome, output, startedAt, endedAt }: StepRecord): JsonObject {
  return {
    ...(outcome === undefined ? {} : { outcome }),
    ...(output === undefined ? {} : { output }),
    ...(startedAt === undefined ? {} : { startedAt: new Date(startedAt).toISOString() }),
    ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
  };
}

/** What an expression sees of an item: how it came out, and the outputs of its steps by their ids. */
function visibleItem(state: RunState, { block }: Iteration): JsonObject {
  const { outcome } = state.record(block.path);
  const outputs = [...outsideLoops(block.steps)].flatMap(({ id, path }) => {
    const { output } = state.record(path);
    return output === undefined ? [] : [[id, output] as const];
  });
  return { ...(outcome === undefined ? {} : { outcome }), output: Object.fromEntries(outputs) };
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return value.includes('${{') ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((field: Json) => textsIn(field));
}
