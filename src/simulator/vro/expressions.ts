import { z } from 'zod';
import { SimulatorError } from '../errors.ts';

export type Item = Readonly<Record<string, unknown>>;
/** Reads one property of an item. */
export type Reader = (item: Item) => unknown;
export type Predicate = (item: Item) => boolean;

const OPERATORS = ['==', '!=', '>', '<', 'in', 'like'] as const;
type Operator = (typeof OPERATORS)[number];

export type Expression =
  { operator: '&&' | '||'; items: Expression[] } | { operator: Operator; property: string; value: unknown };

/** How deep expressions may nest: far more than anybody writes, far less than a stack holds. */
const MAX_DEPTH = 50;

const groupSchema = z.object({ operator: z.enum(['&&', '||']), items: z.array(z.unknown()) });
const comparisonSchema = z.object({
  operator: z.string().toLowerCase().pipe(z.enum(OPERATORS)),
  property: z.string().min(1),
  value: z.unknown(),
});

/** Reads one expression of a filter. Throws `INVALID_REQUEST`. */
export function parseExpression(input: unknown, depth = 0): Expression {
  if (depth > MAX_DEPTH) throw invalid(`it nests deeper than ${MAX_DEPTH} levels`);
  const group = groupSchema.safeParse(lowerKeys(input));
  if (group.success) {
    const { operator, items } = group.data;
    return { operator, items: items.map((one) => parseExpression(one, depth + 1)) };
  }
  const parsed = comparisonSchema.safeParse(lowerKeys(input));
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const { operator, property, value } = parsed.data;
  if (operator === 'in' && !Array.isArray(value)) throw invalid('`in` takes an array of values');
  if (operator === 'like' && typeof value !== 'string') throw invalid('`like` takes a text');
  return { operator, property, value };
}

/** Turns an expression into a function, so that property names are looked up once and not for each item. */
export function compile(expression: Expression): Predicate {
  switch (expression.operator) {
    case '&&': {
      const items = expression.items.map(compile);
      return (item) => items.every((holds) => holds(item));
    }
    case '||': {
      const items = expression.items.map(compile);
      return (item) => items.some((holds) => holds(item));
    }
    case '==':
    case '!=':
    case '>':
    case '<':
    case 'in':
    case 'like': {
      const read = readerOf(expression.property);
      const compares = comparison(expression.operator, expression.value);
      return (item) => compares(read(item));
    }
  }
}

function comparison(operator: Operator, expected: unknown): (actual: unknown) => boolean {
  switch (operator) {
    case '==':
      return (actual) => isEqual(actual, expected);
    case '!=':
      return (actual) => !isEqual(actual, expected);
    case '>':
      return (actual) => areOrdered(actual, expected) && compare(actual, expected) > 0;
    case '<':
      return (actual) => areOrdered(actual, expected) && compare(actual, expected) < 0;
    case 'in': {
      const values: readonly unknown[] = Array.isArray(expected) ? expected : [];
      return (actual) => values.some((value) => isEqual(actual, value));
    }
    case 'like': {
      const wanted = String(expected).toLowerCase();
      return (actual) => typeof actual === 'string' && actual.toLowerCase().includes(wanted);
    }
  }
}

/** Values are written as text by some clients: `"value":"5"` and `"value":"true"` mean what they say. */
function isEqual(actual: unknown, expected: unknown): boolean {
  if (typeof expected === 'string') {
    if (typeof actual === 'number') return expected.trim() !== '' && actual === Number(expected);
    if (typeof actual === 'boolean') return String(actual) === expected.toLowerCase();
  }
  return (actual ?? null) === (expected ?? null);
}

/** Nothing is greater or less than what is not there. */
function areOrdered(actual: unknown, expected: unknown): boolean {
  return (actual ?? null) !== null && (expected ?? null) !== null;
}

/** The order of two values: numbers by size, times by moment, texts by character; what is not there comes first. */
export function compare(a: unknown, b: unknown): number {
  const [left, right] = [orderable(a, b), orderable(b, a)];
  if (left === right) return 0;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left) < String(right) ? -1 : 1;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function orderable(value: unknown, other: unknown): number | string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (typeof other === 'number' && text.trim() !== '' && !Number.isNaN(Number(text))) return Number(text);
  const isTime = TIME.test(text) && typeof other === 'string' && TIME.test(other);
  const moment = isTime ? Date.parse(text) : NaN;
  return Number.isNaN(moment) ? text : moment;
}

/** Reads a property by its name in any case; `executionResult.result` looks into a subschema. */
export function readerOf(property: string): Reader {
  const readers = property.split('.').map((name) => nameReader(name, property));
  return (item) => readers.reduce<unknown>((value, read) => read(value), item);
}

/** The items of a collection have the same properties: the spelling found last is tried first. */
function nameReader(name: string, property: string): (value: unknown) => unknown {
  const wanted = name.toLowerCase();
  let spelling = name;
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (!Object.hasOwn(value, spelling)) {
      const found = Object.keys(value).find((key) => key.toLowerCase() === wanted);
      if (found === undefined) throw invalid(`there is no property ${property}`);
      spelling = found;
    }
    return (value as Item)[spelling];
  };
}

/** The keys of an object in lower case, because names are read in any case. */
export function lowerKeys(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key.toLowerCase(), value as unknown]),
  );
}

function invalid(why: string): SimulatorError {
  return new SimulatorError('INVALID_REQUEST', `The request is invalid: filter or sort: ${why}.`);
}
