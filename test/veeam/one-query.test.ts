import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneQuery, oneQueryOf } from '../../src/veeam/index.ts';
import type { OneFilter, TriggeredAlarm } from '../../src/veeam/index.ts';
import { fakeVeeam } from './fake-server.ts';
import { oneClient } from './one-client.ts';

const { where, sortBy, and, or, not, exclusiveOr } = oneQuery;

const COMPARISONS = [
  'contains',
  'equals',
  'notEquals',
  'lessThan',
  'lessThanOrEqual',
  'greaterThan',
  'greaterThanOrEqual',
] as const;
const MEMBERSHIPS = ['in', 'subset', 'superset'] as const;
const JOINS = { and, or, not, exclusiveOr };
const COLLATIONS = ['ordinal', 'ignorecase', 'lexicographic'] as const;

/** A filter made by the builder, and the JSON that the vendor's text describes for it. */
type Pair = { readonly built: OneFilter; readonly described: unknown };

const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null));
const target = fc.record({
  property: fc.string({ minLength: 1 }),
  collation: fc.option(fc.constantFrom(...COLLATIONS), { nil: undefined }),
});

const leaf: fc.Arbitrary<Pair> = fc.oneof(
  fc.record({ target, operation: fc.constantFrom(...COMPARISONS), value }).map((one) => ({
    built: where(one.target.property, one.target.collation)[one.operation](one.value),
    described: { ...one.target, operation: one.operation, value: one.value },
  })),
  fc.record({ target, operation: fc.constantFrom(...MEMBERSHIPS), value: fc.array(value) }).map((one) => ({
    built: where(one.target.property, one.target.collation)[one.operation](one.value),
    described: { ...one.target, operation: one.operation, value: one.value },
  })),
);

const { pair } = fc.letrec<{ pair: Pair }>((tie) => ({
  pair: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .record({
        operation: fc.constantFrom('and', 'or', 'not', 'exclusiveOr'),
        items: fc.array(tie('pair'), { minLength: 1, maxLength: 3 }),
      })
      .map(({ operation, items }) => ({
        built: JOINS[operation](...items.map(({ built }) => built)),
        described: { operation, items: items.map(({ described }) => described) },
      })),
  ),
}));

/** JSON knows no undefined. */
const asJson = (described: unknown): unknown => JSON.parse(JSON.stringify(described));

test('any filter and sort reach the server as the vendor describes them', async () => {
  const server = await fakeVeeam(() => ({ json: { items: [], totalCount: 0 } }));
  const one = oneClient(server.url);
  const order = fc.record({
    direction: fc.constantFrom('ascending' as const, 'descending' as const),
    collation: fc.constantFrom(...COLLATIONS),
  });

  await fc.assert(
    fc.asyncProperty(
      pair,
      fc.string({ minLength: 1 }),
      order,
      async ({ built, described }, property, rest) => {
        await one.failoverPlans.list({ filter: built, sort: sortBy(property, rest) });

        const query = server.to('/failoverPlans').at(-1)?.query;
        expect(JSON.parse(query?.get('Filter') ?? '')).toEqual(asJson(described));
        expect(JSON.parse(query?.get('Sort') ?? '')).toEqual({ property, ...rest });
      },
    ),
    { numRuns: 100 },
  );
});

test("the vendor's examples are what the builder makes", () => {
  expect([
    where('status', 'ignorecase').equals('failed'),
    sortBy('status', { direction: 'descending', collation: 'lexicographic' }),
  ]).toEqual([
    { property: 'status', operation: 'equals', collation: 'ignorecase', value: 'failed' },
    { property: 'status', direction: 'descending', collation: 'lexicographic' },
  ]);
});

test('a property that items do not have does not compile', () => {
  const alarms = oneQueryOf<TriggeredAlarm>();
  // @ts-expect-error -- the field is called triggeredTime
  const typo = alarms.where('triggerTime').greaterThan('2026-11-21');

  expect(typo).toMatchObject({ property: 'triggerTime' });
});

test('nothing asked for is nothing sent', async () => {
  const server = await fakeVeeam(() => ({ json: { items: [], totalCount: 0 } }));

  await oneClient(server.url).failoverPlans.list();

  expect(server.to('/failoverPlans')[0]?.query.size).toBe(0);
});

test('several sort terms are sent as a list', async () => {
  const server = await fakeVeeam(() => ({ json: { items: [], totalCount: 0 } }));

  await oneClient(server.url).failoverPlans.list({ sort: [sortBy('status'), sortBy('name')] });

  expect(server.to('/failoverPlans')[0]?.query.get('Sort')).toBe(
    '[{"property":"status","direction":"ascending"},{"property":"name","direction":"ascending"}]',
  );
});
