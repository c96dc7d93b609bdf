import { describe, expect, test } from 'vitest';
import { ExpressionError, parseExpression, type Scope } from '../../src/model/expression.ts';
import type { Json } from '../../src/model/json.ts';

function value(source: string, scope: Scope = {}): Json {
  return parseExpression(source).evaluate(scope);
}

/** The code of the error that reading or evaluating ends with. */
function codeOf(source: string, scope: Scope = {}): string | undefined {
  try {
    value(source, scope);
    return undefined;
  } catch (error) {
    return error instanceof ExpressionError ? error.code : String(error);
  }
}

describe('an expression', () => {
  test.each<[string, Json]>([
    ['inputs.count + 1', 4],
    ['inputs.ratio * 2.0', 3],
    ['inputs.count > 2 && inputs.plan.startsWith("ERP")', true],
    ['inputs["plan"]', 'ERP-CANARY'],
    ['size(inputs.list)', 2],
    ['inputs.list.exists(item, item == 2)', true],
    ['inputs.list.map(item, item * 2)', [2, 4]],
    ['has(inputs.nothing)', false],
    ['"x" in ["x", "y"]', true],
    ['{"a": 1}', { a: 1 }],
    ['null', null],
  ])('%s has its value', (source, expected) => {
    const inputs = { count: 3, ratio: 1.5, plan: 'ERP-CANARY', list: [1, 2] };
    expect(value(source, { inputs })).toEqual(expected);
  });

  test('tells what it refers to, and where', () => {
    const { references } = parseExpression('steps.go.output.ok && [1].exists(x, x == inputs["n"])');
    expect(references).toEqual([
      { path: ['steps', 'go', 'output', 'ok'], offset: 0 },
      { path: ['inputs', 'n'], offset: 41 },
    ]);
  });

  test.each([
    'inputs.nothing',
    '1 / inputs.zero',
    'inputs.text + 1',
    '9223372036854775807 + 1',
    '9007199254740993',
  ])('%s fails when it is evaluated', (source) => {
    expect(codeOf(source, { inputs: { zero: 0, text: 'x' } })).toBe('EXPRESSION_FAILED');
  });

  test.each(['', '1 +', '!', 'a.b.', '"open', 'if x'])('%j cannot be read', (source) => {
    expect(codeOf(source)).toBe('EXPRESSION_SYNTAX');
  });
});

describe('nothing in an expression', () => {
  test.each([
    'timestamp("2026-01-01T00:00:00Z")',
    'duration("1h")',
    'now()',
    '"a".matches("(a+)+$")',
    'eval("1")',
    'constructor()',
    '"a".toString()',
    'optional.of(1)',
  ])('calls what is not listed: %s', (source) => {
    expect(codeOf(source)).toBe('EXPRESSION_FUNCTION');
  });

  test.each(['inputs.constructor', 'inputs.__proto__', 'inputs["toString"]', 'constructor', 'toString'])(
    'reaches what every object has: %s',
    (source) => {
      expect(codeOf(source, { inputs: {} })).toBe('EXPRESSION_FAILED');
    },
  );

  test('is named as the root of all objects', () => {
    expect(codeOf('__proto__')).toBe('EXPRESSION_SYNTAX');
  });
});

describe('the size of an expression is bounded', () => {
  test.each([
    ['length', `"${'x'.repeat(2_001)}"`],
    ['depth', `${'('.repeat(200)}1${')'.repeat(200)}`],
    ['number of operators', `${'!'.repeat(1_000)}true`],
    ['number of parts', Array.from({ length: 300 }, () => '1').join('+')],
    ['list', `[${Array.from({ length: 101 }, () => '1').join(',')}]`],
    ['loops', '[1].all(a, [1].all(b, [1].all(c, true)))'],
  ])('in %s', (_, source) => {
    expect(codeOf(source)).toBe('EXPRESSION_LIMIT');
  });

  test('in the lists it walks', () => {
    const inputs = { list: Array.from({ length: 2_001 }, () => 0) };
    expect(codeOf('inputs.list.all(x, x == 0)', { inputs })).toBe('EXPRESSION_FAILED');
  });
});
