import fc from 'fast-check';
import type { Expression, Query } from './vro-query-model.ts';

/** A property that queries may be about: values to compare it with, and which operators make sense. */
export interface Field {
  readonly values: fc.Arbitrary<string | number | boolean | null>;
  /** Texts have an order and patterns, numbers an order, flags neither. */
  readonly kind: 'text' | 'number' | 'flag';
}

/** Queries about these fields, whose names are written in any case. */
export function queriesOver(fields: Readonly<Record<string, Field>>): fc.Arbitrary<Query> {
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      ...Object.entries(fields).map(([name, field]) => comparisonOf(name, field)),
      fc.record({
        operator: fc.constantFrom('&&' as const, '||' as const),
        items: fc.array(tie('expression'), { maxLength: 3 }),
      }),
    ),
  }));
  const order = fc.record({
    property: fc.constantFrom(...Object.keys(fields)).chain(spelt),
    direction: fc.constantFrom('ASC', 'DESC'),
  });
  return fc.record({
    filter: fc.array(expression, { maxLength: 2 }),
    sort: fc.array(order, { maxLength: 3 }),
    start: fc.nat({ max: 5 }),
    limit: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
  });
}

function comparisonOf(name: string, { values, kind }: Field): fc.Arbitrary<Expression> {
  const value = values;
  return fc
    .oneof(
      fc.record({ operator: fc.constantFrom('==', '!='), value }),
      fc.record({ operator: fc.constant('in'), value: fc.array(values, { maxLength: 3 }) }),
      ...(kind === 'flag' ? [] : [fc.record({ operator: fc.constantFrom('>', '<'), value })]),
      ...(kind === 'text'
        ? [fc.record({ operator: fc.constant('like'), value: values.map((one) => String(one ?? '')) })]
        : []),
    )
    .chain((comparison) => spelt(name).map((property): Expression => ({ property, ...comparison })));
}

function spelt(name: string): fc.Arbitrary<string> {
  return fc.constantFrom(name, name.toUpperCase());
}

/** As one writes it: JSON as it is, or every character in its percent form; the parameters in any order. */
export function written({ filter, sort, start, limit }: Query, isRaw: boolean): string {
  const write = (value: unknown): string =>
    isRaw ? JSON.stringify(value) : encodeURIComponent(JSON.stringify(value));
  const cut = limit === undefined ? [] : [`limit=${limit}`];
  return [`start=${start}`, ...cut, `sort=${write(sort)}`, `filter=${write(filter)}`].join('&');
}
