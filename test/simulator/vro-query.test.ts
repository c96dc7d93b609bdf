import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQueryString } from '../../src/simulator/vro/query-string.ts';
import { asItIs, pageOf } from '../../src/simulator/vro/query.ts';
import type { Site } from './support.ts';
import { site } from './support.ts';

type Item = Readonly<Record<string, unknown>>;
type Expression =
  { operator: '&&' | '||'; items: Expression[] } | { operator: string; property: string; value: unknown };
interface Order {
  property: string;
  direction: string;
}

/** What the vendor's description says, said again as simply as possible. */
function isTrue(item: Item, expression: Expression): boolean {
  if ('items' in expression) {
    const truths = expression.items.map((one) => isTrue(item, one));
    return expression.operator === '&&' ? !truths.includes(false) : truths.includes(true);
  }
  const { operator, value } = expression;
  const actual = look(item, expression.property);
  if (operator === '==') return actual === value;
  if (operator === '!=') return actual !== value;
  if (operator === 'in') return (value as unknown[]).includes(actual);
  if (actual === null || value === null) return false;
  if (operator === 'like') return lower(actual).includes(lower(value));
  return operator === '>' ? isLess(value, actual) : isLess(actual, value);
}

function look(item: Item, property: string): unknown {
  const [first = '', second] = property.toLowerCase().split('.');
  const value = item[first];
  return second === undefined ? value : (value as Item)[second];
}

function lower(value: unknown): string {
  return (value as string).toLowerCase();
}

function isLess(a: unknown, b: unknown): boolean {
  return (a as string) < (b as string);
}

/** Inserts one after the other, behind everything that is not greater. */
function inOrder(items: readonly Item[], orders: readonly Order[]): Item[] {
  const sorted: Item[] = [];
  const isBefore = (a: Item, b: Item): boolean => {
    for (const { property, direction } of orders) {
      const [left, right] = [look(a, property), look(b, property)];
      if (left === right) continue;
      const less = left === null || (right !== null && isLess(left, right));
      return direction === 'ASC' ? less : !less;
    }
    return false;
  };
  for (const item of items) {
    const place = sorted.findIndex((other) => isBefore(item, other));
    sorted.splice(place === -1 ? sorted.length : place, 0, item);
  }
  return sorted;
}

const text = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'c', ' ', '&', '=', '[', '"'), maxLength: 3 });
const number = fc.integer({ min: -2, max: 2 });
const nullable = fc.option(text, { nil: null });
const VALUES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  name: text,
  count: number,
  flag: fc.boolean(),
  note: nullable,
  'part.count': number,
  'part.note': nullable,
};
const items = fc.array(
  fc.record({
    name: text,
    count: number,
    flag: fc.boolean(),
    note: nullable,
    part: fc.record({ count: number, note: nullable }),
  }),
  { maxLength: 12 },
);
const spelt = (name: string): fc.Arbitrary<string> => fc.constantFrom(name, name.toUpperCase());
const comparisons = Object.entries(VALUES).map(([name, values]) =>
  fc
    .oneof(
      fc.record({ operator: fc.constantFrom('==', '!='), value: values }),
      fc.record({ operator: fc.constant('in'), value: fc.array(values, { maxLength: 3 }) }),
      ...(name === 'flag' ? [] : [fc.record({ operator: fc.constantFrom('>', '<'), value: values })]),
      ...(values === text || values === nullable
        ? [fc.record({ operator: fc.constant('like'), value: text })]
        : []),
    )
    .chain((comparison) => spelt(name).map((property): Expression => ({ property, ...comparison }))),
);
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    ...comparisons,
    fc.record({
      operator: fc.constantFrom('&&' as const, '||' as const),
      items: fc.array(tie('expression'), { maxLength: 3 }),
    }),
  ),
}));
const order = fc.record({
  property: fc.constantFrom(...Object.keys(VALUES)).chain(spelt),
  direction: fc.constantFrom('ASC', 'DESC'),
});
const query = fc.record({
  filter: fc.array(expression, { maxLength: 2 }),
  sort: fc.array(order, { maxLength: 3 }),
  start: fc.nat({ max: 5 }),
  limit: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
});

/** As one writes it: JSON as it is, or every character in its percent form; the parameters in any order. */
function written(asked: typeof query extends fc.Arbitrary<infer Q> ? Q : never, isRaw: boolean): string {
  const write = (value: unknown): string =>
    isRaw ? JSON.stringify(value) : encodeURIComponent(JSON.stringify(value));
  const limit = asked.limit === undefined ? [] : [`limit=${asked.limit}`];
  return [
    `start=${asked.start}`,
    ...limit,
    `sort=${write(asked.sort)}`,
    `filter=${write(asked.filter)}`,
  ].join('&');
}

test('filter, sort, start and limit do what a naive reading says', () => {
  fc.assert(
    fc.property(items, query, fc.boolean(), (all, asked, isRaw) => {
      const { filter, sort, start, limit } = asked;
      const found = inOrder(
        all.filter((item) => filter.every((one) => isTrue(item, one))),
        sort,
      );
      expect(pageOf(all, parseQueryString(written(asked, isRaw)), asItIs)).toEqual({
        total: found.length,
        data: found.slice(start, limit === undefined ? undefined : start + limit),
      });
    }),
    { numRuns: 500 },
  );
});

/** The names of the plans that a query finds; the query goes over the wire as it stands. */
async function names({ vro }: Site, asked: string): Promise<unknown> {
  const { json } = await vro.call('GET', `/Plans?${asked}`);
  return json.data?.map((plan) => plan.name);
}

describe('over HTTP', () => {
  test.each([
    ['equality', '[{"property":"planType","operator":"==","value":"Restore"}]', ['FILES']],
    ['several values', '[{"property":"name","operator":"in","value":["CRM","ERP"]}]', ['ERP', 'CRM']],
    ['a pattern', '[{"property":"name","operator":"like","value":"erp"}]', ['ERP-CANARY', 'ERP']],
    [
      'and',
      '[{"operator":"&&", "items":[{"property":"lastCheckResult", "operator":"==","value":"Success"},' +
        '{"property":"PlanType", "operator":"==", "value":"Restore"}]}]',
      ['FILES'],
    ],
    [
      'or, inside and',
      '[{"operator":"&&","items":[{"operator":"||","items":[{"property":"name","operator":"==","value":"ERP"},' +
        '{"property":"name","operator":"==","value":"CRM"}]},{"property":"name","operator":"!=","value":"ERP"}]}]',
      ['CRM'],
    ],
    [
      'a subschema',
      '[{"property":"schedule.scheduleEnabled","operator":"==","value":true}]',
      [] as readonly string[],
    ],
  ])('%s is understood as raw JSON and URL-encoded', async (_title, filter, found) => {
    const here = await site();
    expect(await names(here, `limit=9&filter=${filter}`)).toEqual(found);
    expect(await names(here, `filter=${encodeURIComponent(filter)}&limit=9`)).toEqual(found);
  });

  test.each([
    ['not JSON', 'filter=[{"property"'],
    ['no array', 'filter={"property":"name","operator":"==","value":"ERP"}'],
    ['an unknown operator', 'filter=[{"property":"name","operator":"matches","value":"ERP"}]'],
    ['no property', 'filter=[{"operator":"==","value":"ERP"}]'],
    ['no items', 'filter=[{"operator":"||"}]'],
    ['no array for in', 'filter=[{"property":"name","operator":"in","value":"ERP"}]'],
    ['an unknown subschema', 'filter=[{"property":"schedule.colour","operator":"==","value":1}]'],
    ['an unknown direction', 'sort=[{"property":"name","direction":"UP"}]'],
    ['too much depth', `filter=${nested(100)}`],
  ])('%s is a bad request', async (_title, asked) => {
    const { vro } = await site();
    const { status, json } = await vro.call('GET', `/Plans?${asked}`);
    expect({ status, message: typeof json['message'] }).toEqual({ status: 400, message: 'string' });
  });
});

function nested(depth: number): string {
  return '[' + '{"operator":"||","items":['.repeat(depth) + ']}'.repeat(depth) + ']';
}
