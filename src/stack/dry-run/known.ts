import { ExpressionError, parseExpression, type Reference, type Scope } from '../../model/expression.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { renderValue, templateReferences } from '../../model/template.ts';

/** A value that can be told now, or the names of the steps that it depends on and that were not done. */
export type Found<Value> = { readonly value: Value } | { readonly dependsOn: readonly string[] };

/** What is known while steps are rehearsed: values, and results of those steps that were really done. */
export class Known {
  readonly #roots: Scope;
  readonly #results: Map<string, JsonObject>;

  constructor(roots: Scope, results = new Map<string, JsonObject>()) {
    this.#roots = roots;
    this.#results = results;
  }

  /** The same with one more name, for what stands inside a loop. Its steps are its own. */
  with(roots: Scope): Known {
    return new Known({ ...this.#roots, ...roots }, new Map(this.#results));
  }

  /** Remembers what a step that was done came to. */
  keep(id: string, result: JsonObject): void {
    this.#results.set(id, result);
  }

  /** Whether a condition holds. @throws ExpressionError for one that cannot be evaluated */
  holds(source: string, more: Scope = {}): Found<boolean> {
    const expression = parseExpression(source);
    const dependsOn = this.#missing(expression.references);
    if (dependsOn.length > 0) return { dependsOn };
    const value = expression.evaluate({ ...this.#scope(), ...more });
    if (typeof value === 'boolean') return { value };
    throw new ExpressionError('EXPRESSION_FAILED', `This is neither true nor false: ${source}`);
  }

  /** Renders every template in a value. @throws ExpressionError */
  render(value: Json): Found<Json> {
    const dependsOn = this.#missing(textsIn(value).flatMap(templateReferences));
    return dependsOn.length > 0 ? { dependsOn } : { value: renderValue(value, this.#scope()) };
  }

  /** A title; what cannot be told yet stays as it is written. */
  title(text: string): string {
    try {
      const found = this.render(text);
      return 'value' in found && typeof found.value === 'string' ? found.value : text;
    } catch (error) {
      if (error instanceof ExpressionError) return text;
      throw error;
    }
  }

  #missing(references: readonly Reference[]): string[] {
    const asked = references.flatMap(({ path: [root, id] }) =>
      root === 'steps' && id !== undefined ? [id] : root === 'run' && id === 'outcome' ? ['the end'] : [],
    );
    return [...new Set(asked)].filter((id) => !this.#results.has(id));
  }

  #scope(): Scope {
    return { ...this.#roots, steps: Object.fromEntries(this.#results) };
  }
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsIn(item));
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
