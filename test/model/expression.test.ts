import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExpressionError, parseExpression, type Scope } from '../../src/model/expression.ts';
import { canonicalJson, type Json } from '../../src/model/json.ts';
import { randomExpression, randomScope } from './random-expression.ts';

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

  test.each<[string, Json]>([
    ['1 == 1.0', true],
    ['1 < 1.5 && 2.5 > 2', true],
    ['inputs.count / 2', 1.5],
    ['int(inputs.count / 2)', 1],
    ['inputs.count + inputs.ratio', 4.5],
    ['inputs.count * 1.5 - 0.5', 4],
    ['-7 % 3', -1],
    ['0.1 + 0.2 > 0.3', true],
    ['0 * -1', 0],
    ['9007199254740990 + 1', 9_007_199_254_740_991],
    ['1e300 * 10.0', 1e301],
    ['[1, 2.0] == [1.0, 2]', true],
    ['2.0 in [1, 2]', true],
    ['inputs.list[1.0]', 2],
    ['string(2.0) + string(0.5)', '20.5'],
  ])('%s computes as JSON does', (source, expected) => {
    expect(value(source, { inputs: { count: 3, ratio: 1.5, list: [1, 2] } })).toBe(expected);
  });

  test.each<[string, Json]>([
    ['true || inputs.nothing', true],
    ['inputs.nothing || true', true],
    ['inputs.nothing && false', false],
    ['[1, 2].exists(x, x / (x - 1) > 1)', true],
    ['inputs.count == null', false],
    ['{"a": 1}.exists(k, k == "a")', true],
    ['["a", "b"].exists_one(x, x == "a")', true],
    ['[1, 2, 3].filter(x, x > 1).map(x, x > 2, x * 10)', [30]],
    ['[[1], [2]].map(a, a.map(b, b + size(a)))', [[2], [3]]],
    ['size("äö😀")', 3],
    ['"b" > "a" && true > false', true],
  ])('%s means what CEL says', (source, expected) => {
    expect(value(source, { inputs: { count: 3 } })).toEqual(expected);
  });

  test('says where it fails', () => {
    const expression = parseExpression('inputs.plan == "a" && inputs.failed > 1');
    expect(() => expression.evaluate({ inputs: { plan: 'a', count: 1 } })).toThrow(
      expect.objectContaining({
        message: 'There is no `failed` here: there is plan, count.',
        offset: 29,
      }),
    );
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
    '9007199254740991 + 1',
    '-9007199254740991 - 1',
    '1e308 * 10.0',
    '1.0 / 0.0',
    '1.5 % 1',
    'inputs.zero == "0"',
    'inputs.text == true',
    'inputs.text < 1',
    '"a" in "abc"',
    '[1][-1]',
    '[1][1]',
    '[1][0.5]',
    '{"a": 1, "a": 2}',
    '{1: 2}',
    '{"__proto__": 1}',
    '{"constructor": 1}',
    '!inputs.text',
    'inputs.text ? 1 : 2',
    'inputs.text || false',
    'int("0x10")',
    'int("")',
    'int("9007199254740993")',
    'double("Infinity")',
    'double("NaN")',
    'bool("yes")',
    'string([])',
    'size(1)',
    'has(inputs.text.a)',
    'inputs.text.map(x, x)',
    '[1, "a"].all(x, x > 0)',
  ])('%s fails when it is evaluated', (source) => {
    expect(codeOf(source, { inputs: { zero: 0, text: 'x' } })).toBe('EXPRESSION_FAILED');
  });

  test.each([
    ...[
      '',
      '1 +',
      '!',
      'a.b.',
      '"open',
      'if x',
      '1u',
      'b"bytes"',
      '0x',
      '1.2.3',
      'a ? b',
      '[1',
      '{1}',
      '`a`',
    ],
    ...[
      'has(a)',
      'has(a["b"])',
      'has(1)',
      '[1].map(x)',
      '[1].map(1, 2)',
      '[1].all(a.b, true)',
      'a = 1',
      '\u00a0',
    ],
  ])('%j cannot be read', (source) => {
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
    'size()',
    'size(1, 2)',
    'contains("a", "b")',
    '"a".string()',
    '"a".contains()',
    'all([1], true)',
    'cel.bind(x, 1, x)',
    'type(1)',
    'hasOwnProperty("a")',
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

  test('but 32 brackets fit', () => {
    expect(value(`${'('.repeat(32)}1${')'.repeat(32)}`)).toBe(1);
  });
});

describe('what an evaluation costs is bounded', () => {
  const inputs = {
    list: Array.from({ length: 2_000 }, (_, index) => index),
    long: Array.from({ length: 2_001 }, () => 0),
    names: Array.from({ length: 1_000 }, (_, index) => `server-${index}`),
    agents: Array.from({ length: 1_000 }, (_, index) => ({ name: `server-${index}`, up: index % 2 === 0 })),
    text: 'a'.repeat(60_000),
    part: `${'a'.repeat(30_000)}b`,
    deep: JSON.parse('['.repeat(10_000) + ']'.repeat(10_000)) as Json,
  };
  /** A hundred times what the worst takes on an idle machine would still be noticed. */
  const SOON_MS = 5_000;

  test.each([
    ['lists that are too long', 'inputs.long.all(x, x == 0)'],
    ['lists that become too long', 'inputs.list + [1]'],
    ['loops inside loops', 'inputs.list.all(x, inputs.list.all(y, true))'],
    ['loops that make what is too large', 'inputs.list.map(x, inputs.list)'],
    ['loops that write texts out', 'inputs.list.map(x, inputs.text)'],
    ['loops that search long texts', 'inputs.list.exists(x, inputs.text.contains(inputs.part))'],
    ['loops that join texts', 'inputs.names.map(x, inputs.names.map(y, size(x + y)))'],
    ['loops that compare', 'inputs.agents.all(a, inputs.agents == inputs.agents.map(b, b))'],
    ['loops that fail for each item', 'inputs.names.exists(a, inputs.names.exists(b, a.b == b.c))'],
    ['loops that ask for what is not true or false', 'inputs.names.exists(a, inputs.names.exists(b, b))'],
    ['loops whose conditions fail', 'inputs.names.all(a, inputs.names.all(b, a.b || true))'],
    ['texts that become too long', 'inputs.text + inputs.text'],
    ['values that nest too deep', 'inputs.deep'],
    ['comparing what nests too deep', 'inputs.deep == [inputs.deep]'],
    ['what would be true in the end', 'inputs.list.all(x, inputs.list.all(y, true)) || true'],
    ['what would be found in the end', '[1, 2].exists(x, x == 2 || inputs.long.all(y, true))'],
  ])('and ends %s', (_, source) => {
    const began = performance.now();
    expect(codeOf(source, { inputs })).toBe('EXPRESSION_FAILED');
    expect(performance.now() - began).toBeLessThan(SOON_MS);
  });

  test.each<[string, Json]>([
    ['inputs.agents.exists(a, !(a.name in inputs.names))', false],
    ['size(inputs.agents.filter(a, a.up))', 500],
    ['inputs.agents.map(a, a.name) == inputs.names', true],
    ['size(inputs.list.filter(x, x in inputs.list))', 2_000],
  ])('and leaves room for %s', (source, expected) => {
    expect(value(source, { inputs })).toEqual(expected);
  });
});

test('every value of an expression survives JSON', () => {
  fc.assert(
    fc.property(randomExpression, randomScope, (source, scope) => {
      const code = codeOf(source, scope);
      if (code !== undefined) return code === 'EXPRESSION_FAILED';
      const result = value(source, scope);
      return canonicalJson(JSON.parse(JSON.stringify(result))) === canonicalJson(result);
    }),
    { numRuns: 2_000 },
  );
});
