import { ExpressionCostError, ExpressionError } from './expression-error.ts';
import type { Json } from './json.ts';

/**
 * What one evaluation may cost: about one unit for each part of the expression it visits and each value it looks at,
 * well under 200 ms in all. Two loops inside each other over 300 items each pass; over 2,000 each they do not.
 */
const MAX_COST = 1_000_000;
/** Lists longer than this are not walked. A loop of steps has 1,000 items at most. */
const MAX_LIST_LENGTH = 2_000;
/** Steps hand on results of 64 KB; an expression makes no longer text. */
const MAX_TEXT_LENGTH = 65_536;
/** A value that nests deeper comes from no action. What looks into it recurses. */
const MAX_VALUE_DEPTH = 100;
/** Looking at this many characters costs as much as one part of the expression. */
const CHARACTERS_PER_UNIT = 32;

/** Searching this many items for a short text costs as much as one part of the expression. */
const ITEMS_PER_UNIT = 8;

/** Counts what an evaluation costs, and ends it when it is too much. The same values always cost the same. */
export class ExpressionBudget {
  #left = MAX_COST;

  /** @throws ExpressionCostError */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left >= 0) return;
    throw new ExpressionCostError(
      'The expression takes too long over these values. Walk shorter lists, or no list inside another.',
    );
  }

  /** Pays for looking at `count` characters. */
  spendText(count: number): void {
    this.spend(1 + count / CHARACTERS_PER_UNIT);
  }

  /** Pays for walking a list. */
  walk(list: readonly Json[]): readonly Json[] {
    checkLength(list);
    this.spend(1 + list.length);
    return list;
  }

  /** Pays for comparing each item of a list with one text, number or bool, which is much faster than walking it. */
  search(list: readonly Json[], length: number): void {
    checkLength(list);
    this.spend(1 + (list.length * (1 + length / CHARACTERS_PER_UNIT)) / ITEMS_PER_UNIT);
  }

  /** Pays for a text that has been put together. */
  made(length: number): void {
    if (length > MAX_TEXT_LENGTH) {
      throw new ExpressionCostError(`A text in an expression has at most ${MAX_TEXT_LENGTH} characters.`);
    }
    this.spendText(length);
  }

  /** @throws ExpressionCostError for a value that nests too deep */
  descend(depth: number): number {
    if (depth < MAX_VALUE_DEPTH) return depth + 1;
    throw new ExpressionCostError(`A value in an expression nests at most ${MAX_VALUE_DEPTH} deep.`);
  }

  /**
   * Pays for a whole value, which may name the same list many times: as JSON it is written out each time.
   *
   * @throws ExpressionError `EXPRESSION_FAILED` for what is no JSON value
   */
  result(value: Json, depth = 0): void {
    switch (typeof value) {
      case 'string':
        this.spendText(value.length);
        return;
      case 'boolean':
        this.spend(1);
        return;
      case 'number':
        this.spend(1);
        if (Number.isFinite(value)) return;
        break;
      case 'object': {
        this.spend(1);
        if (value === null) return;
        const below = this.descend(depth);
        if (!Array.isArray(value)) this.spend(Object.keys(value).length);
        for (const part of Object.values(value) as Json[]) this.result(part, below);
        return;
      }
      default:
    }
    throw new ExpressionError('EXPRESSION_FAILED', 'The result is no JSON value.');
  }
}

function checkLength({ length }: readonly Json[]): void {
  if (length <= MAX_LIST_LENGTH) return;
  throw new ExpressionCostError(
    `A list in an expression has at most ${MAX_LIST_LENGTH} items; this has ${length}.`,
  );
}
