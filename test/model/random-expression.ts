import fc from 'fast-check';
import type { Scope } from '../../src/model/expression.ts';

/**
 * Expressions of our grammar, made at random, each of a known type and over the values of `randomScope`. What differs
 * from CEL by design cannot be made (see cel-oracle.test.ts).
 */
export type ExpressionType = 'int' | 'double' | 'text' | 'bool' | 'ints' | 'texts' | 'map';

/** How deep expressions nest; the limits on parts and depth are far above what this makes. */
const MAX_DEPTH = 4;

/** Neither quotes nor backslashes, a character of two units, and one that combines. */
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'B', '0', '7', '-', ' ', 'é', '\u0301', '😀'),
  maxLength: 6,
});
const whole = fc.integer({ min: -1_000, max: 1_000 });
/** Never whole, and exact in binary: a whole number is an int on one side and may be a double on the other. */
const fraction = whole.map((number) => number + 0.25);

/** What never fails: some implementations keep an error inside a map, and go on. */
const certain = fc.constantFrom('i', 'j', 'i + j', '1', 'size(s)', '(b ? i : j)');

/** Values for the names that random expressions use. */
export const randomScope: fc.Arbitrary<Scope> = fc.record({
  i: whole,
  j: whole,
  d: fraction,
  s: text,
  t: text,
  b: fc.boolean(),
  n: fc.constant(null),
  li: fc.array(whole, { maxLength: 4 }),
  ls: fc.array(text, { maxLength: 4 }),
  m: fc.record({ a: whole, b: whole }, { requiredKeys: ['a'] }),
  lm: fc.array(fc.record({ name: text, n: whole, up: fc.boolean() }), { maxLength: 3 }),
});

/** A random expression of one type. */
export function expressionOf(type: ExpressionType): fc.Arbitrary<string> {
  return new Grammar().of(type, MAX_DEPTH);
}

/** Builds the arbitraries once for each type and depth. Every rule puts brackets around what it makes. */
class Grammar {
  readonly #made = new Map<string, fc.Arbitrary<string>>();

  of(type: ExpressionType, depth: number): fc.Arbitrary<string> {
    const key = `${type} ${depth}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const leaves = this.#leaves(type);
    const arbitrary =
      depth === 0 ? fc.oneof(...leaves) : fc.oneof(...leaves, ...this.#rules(type, depth - 1));
    this.#made.set(key, arbitrary);
    return arbitrary;
  }

  #leaves(type: ExpressionType): fc.Arbitrary<string>[] {
    switch (type) {
      case 'int':
        return [
          whole.map((number) => `(${number})`),
          fc.constantFrom('i', 'j', 'm.a', 'm["a"]', 'm.b', 'li[0]', 'li[2]'),
        ];
      case 'double':
        return [fraction.map((number) => `(${number})`), fc.constant('d')];
      case 'text':
        return [text.map((value) => JSON.stringify(value)), fc.constantFrom('s', 't', 'ls[0]', 'lm[0].name')];
      case 'bool':
        return [fc.constantFrom('true', 'false', 'b', 'has(m.b)', 'has(m.c)', '(n == null)', 'lm[1].up')];
      case 'ints':
        return [fc.constantFrom('li', '[1, 2, 3]', '[]', '[i, j]')];
      case 'texts':
        return [fc.constantFrom('ls', '["a", "b"]', '[s, t]')];
      case 'map':
        return [fc.constantFrom('m', '{"a": 1}', '{"a": i, "b": j}', '{}')];
    }
  }

  #rules(type: ExpressionType, depth: number): fc.Arbitrary<string>[] {
    const of = (kind: ExpressionType): fc.Arbitrary<string> => this.of(kind, depth);
    const small = fc.integer({ min: 1, max: 9 });
    const either = fc
      .tuple(of('bool'), of(type), of(type))
      .map(([condition, yes, no]) => `(${condition} ? ${yes} : ${no})`);
    switch (type) {
      case 'int':
        return [
          either,
          joined(of('int'), ['+', '-'], of('int')),
          joined(of('int'), ['*', '%'], small),
          of('int').map((value) => `-${value}`),
          wrapped('size', of('text'), of('ints'), of('texts'), of('map')),
          // What is read as a whole number is where implementations are lenient: `""`, `" 7 "`, `"0x1"`.
          wrapped(
            'int',
            of('double'),
            of('int'),
            wrapped('string', of('int')),
            fc.constantFrom('"-12"', '"x"', '"1.5"'),
          ),
          fc.tuple(of('ints'), small).map(([list, at]) => `${list}[${at - 1}]`),
          of('text').map((value) => `${value}.size()`),
        ];
      case 'double':
        return [
          either,
          joined(of('double'), ['+', '-'], of('double')),
          joined(
            of('double'),
            ['*', '/'],
            small.map((n) => `${n}.5`),
          ),
        ];
      case 'text':
        return [
          either,
          joined(of('text'), ['+'], of('text')),
          wrapped('string', of('int'), of('bool'), of('text')),
        ];
      case 'bool':
        return [either, ...this.#conditions(depth)];
      case 'ints':
        return [
          either,
          joined(of('ints'), ['+'], of('ints')),
          walked(of('ints'), ['filter'], 'x', fc.constantFrom('x > i', 'x % 2 == 0', 'x in li', 'true')),
          walked(of('ints'), ['map'], 'x', fc.constantFrom('x', 'x + i', 'x * 2', 'size(ls)')),
          walked(of('texts'), ['map'], 'y', fc.constantFrom('size(y)', 'y == s ? 1 : 0', 'li[size(y)]')),
          of('ints').map((list) => `${list}.map(x, x > 0, x - 1)`),
        ];
      case 'texts':
        return [
          either,
          joined(of('texts'), ['+'], of('texts')),
          walked(
            of('texts'),
            ['filter'],
            'y',
            fc.constantFrom('y == s', 'y in ls', 'y.contains("a")', 'size(y) > 1'),
          ),
          walked(of('ints'), ['map'], 'x', fc.constantFrom('string(x)', 's', 'ls[0]')),
          walked(fc.constant('lm'), ['map'], 'e', fc.constantFrom('e.name', 'e.up ? e.name : s')),
        ];
      case 'map':
        return [either, fc.tuple(certain, certain).map(([a, b]) => `{"a": ${a}, "b": ${b}}`)];
    }
  }

  #conditions(depth: number): fc.Arbitrary<string>[] {
    const of = (kind: ExpressionType): fc.Arbitrary<string> => this.of(kind, depth);
    const orders = ['==', '!=', '<', '<=', '>', '>='];
    return [
      joined(of('bool'), ['&&', '||', '==', '!='], of('bool')),
      of('bool').map((value) => `!${value}`),
      joined(of('int'), orders, of('int')),
      joined(of('int'), orders.slice(2), of('double')),
      joined(of('double'), orders, of('double')),
      joined(of('text'), orders, of('text')),
      joined(of('ints'), ['==', '!='], of('ints')),
      joined(of('texts'), ['==', '!='], of('texts')),
      joined(of('map'), ['==', '!='], of('map')),
      joined(of('int'), ['in'], of('ints')),
      joined(of('text'), ['in'], of('texts')),
      joined(fc.constantFrom('"a"', '"c"', 's'), ['in'], of('map')),
      fc
        .tuple(of('text'), fc.constantFrom('contains', 'startsWith', 'endsWith'), of('text'))
        .map(([value, name, part]) => `${value}.${name}(${part})`),
      walked(
        of('ints'),
        ['all', 'exists', 'exists_one'],
        'x',
        fc.constantFrom('x > i', 'x == 1', 'li[x] > 0', 'x in [1, 2]'),
      ),
      walked(
        of('texts'),
        ['all', 'exists', 'exists_one'],
        'y',
        fc.constantFrom('y == s', 'li[size(y)] > 0', 'ls.exists(z, z == y)'),
      ),
      walked(
        fc.constant('lm'),
        ['all', 'exists', 'exists_one'],
        'e',
        fc.constantFrom('e.up', 'e.n > i', '!has(e.x)', 'e.x'),
      ),
      walked(of('map'), ['all', 'exists'], 'k', fc.constantFrom('k == "a"', 'm[k] > 0')),
    ];
  }
}

function joined(
  left: fc.Arbitrary<unknown>,
  operators: readonly string[],
  right: fc.Arbitrary<unknown>,
): fc.Arbitrary<string> {
  return fc
    .tuple(left, fc.constantFrom(...operators), right)
    .map(([one, operator, other]) => `(${String(one)} ${operator} ${String(other)})`);
}

function wrapped(name: string, ...inside: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.oneof(...inside).map((value) => `${name}(${value})`);
}

function walked(
  list: fc.Arbitrary<string>,
  names: readonly string[],
  item: string,
  body: fc.Arbitrary<string>,
): fc.Arbitrary<string> {
  return fc
    .tuple(list, fc.constantFrom(...names), body)
    .map(([walkedList, name, inside]) => `${walkedList}.${name}(${item}, ${inside})`);
}

/** A random expression of any type; half of them are conditions, as in runbooks. */
export const randomExpression: fc.Arbitrary<string> = fc.oneof(
  ...(['int', 'double', 'text', 'bool', 'ints', 'texts', 'map'] as const).map((type) => expressionOf(type)),
  { weight: 4, arbitrary: expressionOf('bool') },
);
