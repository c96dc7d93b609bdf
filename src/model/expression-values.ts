import { ExpressionError } from './expression-error.ts';
import type { ExpressionBudget } from './expression-budget.ts';
import type { Json, JsonObject } from './json.ts';

/** What a value is, as messages call it. */
export type Kind = 'null' | 'text' | 'number' | 'bool' | 'list' | 'map';

/** @throws ExpressionError for what is no JSON value */
export function kindOf(value: Json | undefined): Kind {
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'bool';
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'list' : 'map';
    default:
      throw new ExpressionError('EXPRESSION_FAILED', 'This is no JSON value.');
  }
}

/** A kind with its article. */
export function a(kind: Kind): string {
  return kind === 'null' ? 'nothing (null)' : `a ${kind}`;
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isMap(value: Json): value is JsonObject {
  return kindOf(value) === 'map';
}

/**
 * Whether two values are the same. `1` and `1.0` are one number. Values of different kinds are not compared: `"true"`
 * in place of `true` is a mistake, not a no. Everything may be compared with null.
 *
 * @throws ExpressionError
 */
export function isEqual(left: Json, right: Json, budget: ExpressionBudget): boolean {
  const [one, other] = [kindOf(left), kindOf(right)];
  if (one !== other && one !== 'null' && other !== 'null') {
    throw new ExpressionError('EXPRESSION_FAILED', `These cannot be compared: ${a(one)} and ${a(other)}.`);
  }
  return isSame(left, right, budget);
}

/** As `isEqual`; inside lists and maps, values of different kinds are just not the same. */
export function isSame(left: Json, right: Json, budget: ExpressionBudget, depth = 0): boolean {
  budget.spend(1);
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length !== right.length) return false;
    budget.spendText(left.length);
    return left === right;
  }
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') {
    return left === right;
  }
  const below = budget.descend(depth);
  if (isList(left) || isList(right)) {
    if (!isList(left) || !isList(right) || left.length !== right.length) return false;
    return left.every((item, index) => isSame(item, right[index] ?? null, budget, below));
  }
  const keys = Object.keys(left);
  budget.spend(keys.length);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every(
    (key) => Object.hasOwn(right, key) && isSame(left[key] ?? null, right[key] ?? null, budget, below),
  );
}

/** Whether a list holds a value, as `isSame` compares. @throws ExpressionError */
export function isAmong(value: Json, list: readonly Json[], budget: ExpressionBudget): boolean {
  if (value !== null && typeof value === 'object') {
    return budget.walk(list).some((item) => isSame(value, item, budget));
  }
  budget.search(list, typeof value === 'string' ? value.length : 1);
  return list.includes(value);
}

/** Whether `left` comes before `right`: -1, 0 or 1. Numbers, texts and bools have an order. @throws ExpressionError */
export function order(left: Json, right: Json, budget: ExpressionBudget): number {
  const [one, other] = [kindOf(left), kindOf(right)];
  if (one !== other || one === 'null' || one === 'list' || one === 'map') {
    throw new ExpressionError('EXPRESSION_FAILED', `These have no order: ${a(one)} and ${a(other)}.`);
  }
  if (typeof left === 'string' && typeof right === 'string') {
    budget.spendText(Math.min(left.length, right.length));
  }
  return compare(left as string | number | boolean, right as string | number | boolean);
}

function compare(left: string | number | boolean, right: string | number | boolean): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

export type ArithmeticOperator = '-' | '*' | '/' | '%' | '+';

/**
 * Computes as JSON's numbers do, with two differences: a division by zero, and a result that is too large to be exact,
 * are errors and no values.
 *
 * @throws ExpressionError
 */
export function compute(operator: ArithmeticOperator, left: Json, right: Json): number {
  if (typeof left !== 'number' || typeof right !== 'number') {
    const kinds = `${a(kindOf(left))} and ${a(kindOf(right))}`;
    throw new ExpressionError('EXPRESSION_FAILED', `\`${operator}\` cannot be applied to ${kinds}.`);
  }
  const areWhole = Number.isSafeInteger(left) && Number.isSafeInteger(right);
  if ((operator === '/' || operator === '%') && right === 0) {
    throw new ExpressionError('EXPRESSION_FAILED', 'This is a division by zero.');
  }
  if (operator === '%' && !areWhole) {
    throw new ExpressionError('EXPRESSION_FAILED', 'Only whole numbers leave a remainder.');
  }
  const result = raw(operator, left, right);
  if (Number.isFinite(result) && (!areWhole || operator === '/' || Number.isSafeInteger(result))) {
    // There is one zero: -0 becomes 0.
    return result + 0;
  }
  throw new ExpressionError('EXPRESSION_FAILED', 'The result is a number that is too large.');
}

function raw(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}
