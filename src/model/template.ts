import {
  ExpressionError,
  parseExpression,
  type Expression,
  type Reference,
  type Scope,
} from './expression.ts';
import { ExpressionBudget } from './expression-budget.ts';
import type { Json, JsonObject } from './json.ts';

/** A piece of a text: as it stands, or an expression to be put in its place. `offset` is where it begins. */
type Piece = { readonly text: string } | { readonly expression: Expression; readonly offset: number };

/**
 * Cuts a text into plain pieces and `${{ }}` expressions.
 *
 * @throws ExpressionError, its offset counted from the start of the whole text
 */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf('${{', from);
    if (open === -1) break;
    const close = text.indexOf('}}', open);
    if (close === -1) {
      throw new ExpressionError('EXPRESSION_SYNTAX', 'A `${{` has no `}}`.', { offset: open });
    }
    if (open > from) pieces.push({ text: text.slice(from, open) });
    const source = text.slice(open + 3, close);
    const offset = open + 3 + (source.length - source.trimStart().length);
    pieces.push({ expression: parseAt(source.trim(), offset), offset });
    from = close + 2;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

function parseAt(source: string, offset: number): Expression {
  try {
    return parseExpression(source);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new ExpressionError(error.code, error.message, { offset: offset + error.offset, cause: error });
  }
}

/** An expression in a text, and where in the text it begins. */
export interface PlacedExpression {
  readonly expression: Expression;
  readonly offset: number;
  /** There is nothing around it, so that its value keeps its type. */
  readonly isLone: boolean;
}

/** The expressions in the templates of a text. @throws ExpressionError, its offset counted in the text */
export function expressionsIn(text: string): PlacedExpression[] {
  const pieces = piecesOf(text);
  return pieces.flatMap((piece) => ('text' in piece ? [] : { ...piece, isLone: pieces.length === 1 }));
}

/** What the templates in a text refer to, offsets counted in the text. @throws ExpressionError */
export function templateReferences(text: string): Reference[] {
  return expressionsIn(text).flatMap(({ expression, offset: start }) =>
    expression.references.map(({ path, offset }) => ({ path, offset: start + offset })),
  );
}

/**
 * Puts values into a text. A lone `${{ x }}` keeps the type of its value; inside other text a value must be a string,
 * number or boolean. What an expression yields is never read as a template again.
 *
 * @throws ExpressionError
 */
export function renderText(text: string, scope: Scope): Json {
  return new Rendering(scope).text(text);
}

/** Renders every text in a value; keys stay as they are. @throws ExpressionError */
export function renderValue(value: Json, scope: Scope): Json {
  return new Rendering(scope).value(value);
}

/** Renders every text in an object; keys stay as they are. @throws ExpressionError */
export function renderObject(value: JsonObject, scope: Scope): JsonObject {
  return new Rendering(scope).object(value);
}

/** All expressions in one value share what one may cost: a step can hold thousands of them. */
class Rendering {
  readonly #scope: Scope;
  readonly #budget = new ExpressionBudget();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  text(text: string): Json {
    const pieces = piecesOf(text);
    const [only] = pieces;
    if (pieces.length === 1 && only !== undefined && 'expression' in only) {
      return only.expression.evaluate(this.#scope, this.#budget);
    }
    const texts = pieces.map((piece) => ('text' in piece ? piece.text : this.#printed(piece.expression)));
    if (texts.length > 1) this.#budget.made(texts.reduce((sum, { length }) => sum + length, 0));
    return texts.join('');
  }

  value(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((item: Json) => this.value(item));
    return this.object(value as JsonObject);
  }

  object(value: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, this.value(field)]));
  }

  #printed(expression: Expression): string {
    const value = expression.evaluate(this.#scope, this.#budget);
    if (value === null || typeof value === 'object') {
      throw new ExpressionError(
        'EXPRESSION_FAILED',
        `\`${expression.source}\` is no text and cannot stand inside one.`,
      );
    }
    return String(value);
  }
}

const LONE_TEMPLATE = /^\$\{\{((?!\}\}).)*\}\}$/s;

/** Whether a text is one template and nothing around it: only that keeps the type of its value. */
export function isLoneTemplate(text: string): boolean {
  return LONE_TEMPLATE.test(text);
}
