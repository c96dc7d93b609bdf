import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExpressionError, parseExpression, type Scope } from '../../src/model/expression.ts';
import type { Json } from '../../src/model/json.ts';

const FOLDER = join(import.meta.dirname, 'cel-spec');

interface Case {
  readonly path: string;
  readonly expr: string;
  readonly bindings?: Scope;
  readonly value?: Json;
}

interface Suite {
  readonly values: readonly Case[];
  readonly errors: readonly Case[];
  /** By code, or by the reason for `EXPRESSION_FAILED`. */
  readonly refused: Readonly<Record<string, readonly string[]>>;
}

const suites = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Suite);

const values = suites.flatMap((suite) => suite.values);
const errors = suites.flatMap((suite) => suite.errors);
const refused = suites.flatMap((suite) => Object.entries(suite.refused));

/** The value of an expression, or the code of its error. */
function outcome({
  expr,
  bindings = {},
}: Pick<Case, 'expr' | 'bindings'>): { value: Json } | { code: string } {
  try {
    return { value: parseExpression(expr).evaluate(bindings) };
  } catch (error) {
    if (error instanceof ExpressionError) return { code: error.code };
    throw error;
  }
}

describe('the conformance data of CEL', () => {
  it.each(values)('$path has its value', (one) => {
    expect(outcome(one)).toEqual({ value: one.value });
  });

  it.each(errors)('$path fails', (one) => {
    expect(outcome(one)).toEqual({ code: 'EXPRESSION_FAILED' });
  });

  it.each(refused)('is refused where it is about what we do not have: %s', (reason, expressions) => {
    const code = reason.startsWith('EXPRESSION_') ? reason : 'EXPRESSION_FAILED';
    expect(
      expressions.filter((expr) => JSON.stringify(outcome({ expr })) !== JSON.stringify({ code })),
    ).toEqual([]);
  });

  it('is taken and refused in these numbers', () => {
    const counts: Record<string, number> = { values: values.length, errors: errors.length };
    for (const [reason, { length }] of refused) counts[reason] = (counts[reason] ?? 0) + length;
    expect(counts).toEqual({
      values: 535,
      errors: 71,
      EXPRESSION_FUNCTION: 645,
      EXPRESSION_SYNTAX: 890,
      'maps have texts as keys': 17,
      'numbers are those of JSON': 36,
      'there are no constants and types of protobuf': 32,
      'values of different kinds are not compared': 1,
    });
  });
});
