import { ExpressionError, parseExpression, type Reference, type Scope } from '../src/model/expression.ts';
import type { Json, JsonObject } from '../src/model/json.ts';
import type { StepRecord } from '../src/model/run.ts';
import { allSteps } from '../src/model/runbook.ts';
import { renderObject, renderText, renderValue, templateReferences } from '../src/model/template.ts';
import type { RunState } from './run-state.ts';

/** Evaluates what a runbook says over the state of its run: `inputs`, `vars`, `steps` and `run`. */
export class ScopeOf {
  readonly #state: RunState;
  readonly #inputs: JsonObject;
  readonly #vars: JsonObject;
  readonly #pathOfId: ReadonlyMap<string, string>;

  constructor(state: RunState, inputs: JsonObject) {
    this.#state = state;
    this.#inputs = inputs;
    const { mode } = state.identity;
    this.#pathOfId = new Map(allSteps(state.runbook).map(({ id, path }) => [id, path]));
    this.#vars = Object.fromEntries(
      Object.entries(state.runbook.vars).map(([name, byMode]) => [
        name,
        renderValue(byMode[mode] ?? null, { inputs, run: this.#run() }),
      ]),
    );
  }

  /** Whether a condition is true. @throws ExpressionError also when it is neither true nor false */
  holds(source: string): boolean {
    const expression = parseExpression(source);
    const value = expression.evaluate(this.#scopeFor(expression.references));
    if (typeof value === 'boolean') return value;
    throw new ExpressionError('EXPRESSION_FAILED', `This is neither true nor false: ${source}`);
  }

  /** Renders every template in `value`. @throws ExpressionError */
  render(value: JsonObject): JsonObject {
    return renderObject(value, this.#scopeFor(textsIn(value).flatMap(templateReferences)));
  }

  /** Renders a title; one that cannot be rendered (yet) stays as it is written: no run stops for that. */
  title(text: string): string {
    if (!text.includes('${{')) return text;
    try {
      const value = renderText(text, { inputs: this.#inputs, vars: this.#vars, run: this.#run() });
      return typeof value === 'string' ? value : JSON.stringify(value);
    } catch (error) {
      if (error instanceof ExpressionError) return text;
      throw error;
    }
  }

  /** The roots that a repeated read may use: its activity has no other. */
  pollScope(): JsonObject {
    return { inputs: this.#inputs, vars: this.#vars, run: this.#run() };
  }

  /** Only the steps that are named are put in: a long runbook must not be copied for each `if`. */
  #scopeFor(references: readonly Reference[]): Scope {
    const ids = new Set(
      references.flatMap(({ path: [root, id] }) => (root === 'steps' && id !== undefined ? [id] : [])),
    );
    const steps: Record<string, Json> = {};
    for (const id of ids) {
      const path = this.#pathOfId.get(id);
      if (path !== undefined) steps[id] = visible(this.#state.record(path));
    }
    return { inputs: this.#inputs, vars: this.#vars, run: this.#run(), steps };
  }

  #run(): JsonObject {
    const { runId, mode, purpose, starter } = this.#state.identity;
    const { outcome } = this.#state;
    return { id: runId, mode, purpose, starter, ...(outcome === undefined ? {} : { outcome }) };
  }
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

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return value.includes('${{') ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((field: Json) => textsIn(field));
}
