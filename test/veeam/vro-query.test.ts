import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import { vroSelection } from '../../src/veeam/index.ts';
import type { Filter, FilterValue, GroupRuntimeDetails, RecoveryPlan } from '../../src/veeam/index.ts';
import { selectionQuery } from '../../src/veeam/vro/query.ts';
import { fakeVeeam, vroClient } from './fake-server.ts';

const { where, and, or, sortBy, descending } = vroSelection<RecoveryPlan>();
const loose = vroSelection();

test.each<[string, Filter, Filter]>([
  ['equal', where('name').is('ERP'), { property: 'name', operator: '==', value: 'ERP' }],
  ['equal to nothing', where('name').is(null), { property: 'name', operator: '==', value: null }],
  [
    'not equal',
    where('planType').isNot('Storage'),
    { property: 'planType', operator: '!=', value: 'Storage' },
  ],
  ['greater', loose.where('progress').above(5), { property: 'progress', operator: '>', value: 5 }],
  ['less', loose.where('progress').below(5), { property: 'progress', operator: '<', value: 5 }],
  [
    'one of',
    where('planType').in(['Restore', 'Replica']),
    { property: 'planType', operator: 'in', value: ['Restore', 'Replica'] },
  ],
  ['like', where('name').like('test'), { property: 'name', operator: 'like', value: 'test' }],
  [
    'a property of a subschema',
    loose.where('executionResult.result').is('Error'),
    { property: 'executionResult.result', operator: '==', value: 'Error' },
  ],
])('%s', (_, built, expected) => {
  expect(built).toEqual(expected);
});

test('conditions nest', () => {
  const filter = and(
    where('name').like('ERP'),
    or(where('planType').is('Restore'), where('state').is('Halted')),
  );

  expect(filter).toEqual({
    operator: '&&',
    items: [
      { property: 'name', operator: 'like', value: 'ERP' },
      {
        operator: '||',
        items: [
          { property: 'planType', operator: '==', value: 'Restore' },
          { property: 'state', operator: '==', value: 'Halted' },
        ],
      },
    ],
  });
});

test('several properties sort, ascending unless told', () => {
  expect(sortBy('planType', descending('name'))).toEqual([
    { property: 'planType', direction: 'ASC' },
    { property: 'name', direction: 'DESC' },
  ]);
});

test('several conditions are joined explicitly', () => {
  const [first, second] = [where('name').is('ERP'), where('planType').is('Restore')];

  expect(selectionQuery({ filter: [first, second] })).toEqual({
    filter: JSON.stringify([and(first, second)]),
  });
});

test('the types know the properties and their values', () => {
  const groups = vroSelection<GroupRuntimeDetails>();
  const totals = groups.where('totalCount');
  const later = groups.where('a property of a later version');
  // @ts-expect-error -- a text property is not compared with a number
  where('name').is(5);
  // @ts-expect-error -- neither is one of a subschema
  groups.where('executionResult.result').is(5);

  expectTypeOf(totals).not.toHaveProperty('like');
  expectTypeOf<Parameters<typeof totals.above>>().toEqualTypeOf<[value: number]>();
  expectTypeOf(later).toHaveProperty('like');
  expectTypeOf<Parameters<typeof later.is>>().toEqualTypeOf<[value: FilterValue]>();
});

const property = fc.string({ minLength: 1, unit: 'grapheme' });
const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true }), fc.boolean());
const condition: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ property, operator: fc.constantFrom('==', '!=', '>', '<'), value: scalar }),
  fc.record({ property, operator: fc.constant('in' as const), value: fc.array(scalar) }),
  fc.record({ property, operator: fc.constant('like' as const), value: fc.string({ unit: 'binary' }) }),
);
const { filter: anyFilter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    condition,
    fc.record({
      operator: fc.constantFrom('&&', '||'),
      items: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

/** Builds with the builder what another filter is. */
function rebuilt(filter: Filter): Filter {
  if ('items' in filter) {
    const [first, ...rest] = filter.items.map(rebuilt);
    if (first === undefined) return filter;
    return filter.operator === '&&' ? and(first, ...rest) : or(first, ...rest);
  }
  const on = loose.where(filter.property);
  switch (filter.operator) {
    case '==':
      return on.is(filter.value);
    case '!=':
      return on.isNot(filter.value);
    case '>':
      return on.above(filter.value ?? 0);
    case '<':
      return on.below(filter.value ?? 0);
    case 'in':
      return on.in(filter.value.filter((value) => value !== null));
    case 'like':
      return on.like(filter.value);
  }
}

test('what is built is what the server reads', async () => {
  const server = await fakeVeeam(() => ({ json: { total: 0, data: [] } }));
  const vro = vroClient(server.url);

  await fc.assert(
    fc.asyncProperty(anyFilter, async (filter) => {
      await vro.plans({ filter: rebuilt(filter) });
      const read: unknown = JSON.parse(server.seen.at(-1)?.query.get('filter') ?? '');
      // JSON knows no minus zero.
      expect(read).toEqual(JSON.parse(JSON.stringify([filter])));
    }),
    { numRuns: 60 },
  );
});
