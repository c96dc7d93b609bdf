import type { ExpressionBudget } from './expression-budget.ts';
import { ExpressionError } from './expression-error.ts';
import { a, isList, isMap, kindOf } from './expression-values.ts';
import type { Json } from './json.ts';

/** Where a function stands: `size(x)`, `x.size()`. */
type Form = 'call' | 'method';

export interface ExpressionFunction {
  readonly forms: readonly Form[];
  /** How many values it takes; the one before the dot counts. */
  readonly takes: number;
  /** @throws ExpressionError */
  run(values: readonly Json[], budget: ExpressionBudget): Json;
}

/** The macros, which walk a list (or the keys of a map), and with how many arguments. */
export const MACROS: Readonly<Record<string, readonly number[]>> = {
  all: [2],
  exists: [2],
  exists_one: [2],
  filter: [2],
  map: [2, 3],
};

/** All functions there are. None of them takes a regular expression, tells the time or throws dice. */
export const FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  size: { forms: ['call', 'method'], takes: 1, run: ([value = null], budget) => sizeOf(value, budget) },
  string: { forms: ['call'], takes: 1, run: ([value = null]) => toText(value) },
  int: { forms: ['call'], takes: 1, run: ([value = null]) => toWhole(value) },
  double: { forms: ['call'], takes: 1, run: ([value = null]) => toNumber(value) },
  bool: { forms: ['call'], takes: 1, run: ([value = null]) => toBool(value) },
  dyn: { forms: ['call'], takes: 1, run: ([value = null]) => value },
  contains: ofTexts((text, part) => text.includes(part)),
  startsWith: ofTexts((text, part) => text.startsWith(part)),
  endsWith: ofTexts((text, part) => text.endsWith(part)),
};

/** Characters are counted one by one, which takes longer than looking at a whole text. */
const CHARACTERS_PER_UNIT = 4;
/** A search compares a place of the text with no more of the part than this. */
const MAX_SEARCH_SHIFT = 256;

function ofTexts(holds: (text: string, part: string) => boolean): ExpressionFunction {
  return {
    forms: ['method'],
    takes: 2,
    run: ([text = null, part = null], budget) => {
      if (typeof text !== 'string' || typeof part !== 'string') {
        const other = typeof text === 'string' ? part : text;
        throw failed(`Texts are searched for texts only; this is ${a(kindOf(other))}.`);
      }
      budget.spendText(text.length * Math.min(part.length + 1, MAX_SEARCH_SHIFT));
      return holds(text, part);
    },
  };
}

function sizeOf(value: Json, budget: ExpressionBudget): number {
  if (typeof value === 'string') {
    budget.spend(1 + value.length / CHARACTERS_PER_UNIT);
    let count = 0;
    // Characters, not the halves of surrogate pairs.
    for (const character of value) count += character === '' ? 0 : 1;
    return count;
  }
  if (isList(value)) return value.length;
  if (!isMap(value)) throw failed(`This has no size: ${a(kindOf(value))}.`);
  const { length } = Object.keys(value);
  budget.spend(length);
  return length;
}

function toText(value: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw failed(`This cannot be written as a text: ${a(kindOf(value))}.`);
}

const WHOLE = /^[+-]?\d{1,16}$/;
const NUMBER = /^[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?$/;

function toWhole(value: Json): number {
  const number = typeof value === 'string' && WHOLE.test(value) ? Number(value) : value;
  const whole = typeof number === 'number' ? Math.trunc(number) + 0 : undefined;
  if (Number.isSafeInteger(whole) && whole !== undefined) return whole;
  throw failed(`This is no whole number: ${shown(value)}.`);
}

function toNumber(value: Json): number {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number + 0;
  throw failed(`This is no number: ${shown(value)}.`);
}

const BOOLS: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'true', 'TRUE', 'True'].map((text) => [text, true])),
  ...Object.fromEntries(['0', 'f', 'false', 'FALSE', 'False'].map((text) => [text, false])),
};

function toBool(value: Json): boolean {
  if (typeof value === 'boolean') return value;
  const read = typeof value === 'string' && Object.hasOwn(BOOLS, value) ? BOOLS[value] : undefined;
  if (read !== undefined) return read;
  throw failed(`This is neither true nor false: ${shown(value)}.`);
}

function shown(value: Json): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 60))}`;
  return typeof value === 'number' ? String(value) : a(kindOf(value));
}

function failed(message: string): ExpressionError {
  return new ExpressionError('EXPRESSION_FAILED', message);
}
