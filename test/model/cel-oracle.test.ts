import { isCelError, isCelList, isCelMap, run, type CelInput } from '@bufbuild/cel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExpressionError, parseExpression, type Scope } from '../../src/model/expression.ts';
import { isJsonObject, type Json } from '../../src/model/json.ts';
import { randomExpression, randomScope } from './random-expression.ts';

/**
 * Where we differ from CEL by design, so that random expressions do not go there:
 *
 * - there is one kind of number: whole ones and fractions compute with each other, `7 / 2` is 3.5, and whole numbers end
 *   at 2^53, so no int is divided and ints stay small;
 * - no number is infinite or none: a division by zero is an error of fractions, too, so all divisors are literals;
 * - values of different kinds are not equal to each other, they cannot be compared: both sides have one type;
 * - `string(2.0)` is `2` on both sides, but fractions are written as JSON writes them: no fraction becomes a text.
 */
const RUNS = 4_000;

test('random expressions mean what another implementation of CEL takes them for', () => {
  fc.assert(
    fc.property(randomExpression, randomScope, (source, scope) => {
      expect(ours(source, scope)).toEqual(theirs(source, scope));
    }),
    { numRuns: RUNS },
  );
});

/** The value of an expression, or that it has none. */
type Outcome = { readonly value: Json } | 'error';

function ours(source: string, scope: Scope): Outcome {
  try {
    return { value: parseExpression(source).evaluate(scope) };
  } catch (error) {
    if (error instanceof ExpressionError && error.code === 'EXPRESSION_FAILED') return 'error';
    throw error;
  }
}

function theirs(source: string, scope: Scope): Outcome {
  const bindings = Object.fromEntries(Object.entries(scope).map(([name, value]) => [name, toCel(value)]));
  const result = run(source, bindings);
  return isCelError(result) ? 'error' : { value: fromCel(result) };
}

function toCel(value: Json): CelInput {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (isJsonObject(value)) return new Map(Object.entries(value).map(([key, field]) => [key, toCel(field)]));
  if (value === null || typeof value !== 'object') return value;
  return value.map(toCel);
}

function fromCel(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  // There is one zero: -0 becomes 0.
  if (typeof value === 'number') return value + 0;
  if (isCelList(value)) return Array.from(value, fromCel);
  if (isCelMap(value)) {
    return Object.fromEntries(Array.from(value, ([key, field]) => [textKey(key), fromCel(field)] as const));
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  throw new Error(`No JSON value: a ${typeof value}.`);
}

function textKey(key: unknown): string {
  if (typeof key === 'string') return key;
  throw new Error(`No key of a JSON map: a ${typeof key}.`);
}
