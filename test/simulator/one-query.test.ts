import type { RequestOptions } from 'node:http';
import { request } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../src/simulator/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import type { OneSite } from './one-support.ts';
import { logInOne, oneClient, oneSite, queryOf } from './one-support.ts';
import type { Expression, Order } from './one-query-model.ts';
import { matches, ordered } from './one-query-model.ts';
import type { Json } from './support.ts';

type AlarmSpec = NonNullable<Scenario['alarms']>[number];

const ALARMS = '/alarms/triggeredAlarms';

/** Names of letters and digits, in which words, numbers and case matter. */
const name = fc.stringMatching(/^[abAB]{1,2}(0?[129]|1[01])?$/);
const statuses = ['Error', 'Warning', 'Information', 'Acknowledged', 'Resolved'] as const;

const alarm: fc.Arbitrary<AlarmSpec> = fc.record({
  name,
  object: name,
  objectType: fc.constantFrom('VirtualMachine', 'Datastore', 'Thing'),
  status: fc.constantFrom(...statuses),
  ageSeconds: fc.integer({ min: 0, max: 9 }).map((hours) => hours * 3600),
});

const collation = fc.constantFrom('ordinal', 'ignorecase', 'lexicographic', undefined);
/** The virtual clock stands at six o'clock; alarms are up to nine hours old. Half the hours do not exist. */
const time = fc
  .integer({ min: 0, max: 18 })
  .map((half) => new Date(Date.parse('2026-01-14T21:00:00Z') + half * 1_800_000).toISOString());

const relations = ['equals', 'notEquals', 'lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'];

function relation(property: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Expression> {
  const single = fc.record({
    property: fc.constant(property),
    operation: fc.constantFrom(...relations),
    value,
    collation,
  });
  const several = fc.record({
    property: fc.constant(property),
    operation: fc.constantFrom('in', 'subset', 'superset'),
    value: fc.array(value, { maxLength: 3 }),
    collation,
  });
  return fc.oneof(single, several);
}

const text = fc.oneof(name, fc.constantFrom('a', 'B', '1', ''));
const simple: fc.Arbitrary<Expression> = fc.oneof(
  relation('name', text),
  relation('alarmSource.objectName', text),
  relation('STATUS', fc.constantFrom(...statuses, 'warning')),
  relation('triggeredAlarmId', fc.integer({ min: 0, max: 12 })),
  relation('triggeredTime', time),
  relation('predefinedAlarmId', fc.constantFrom(null, 331)),
  fc.record({
    property: fc.constantFrom('name', 'alarmSource.objectName'),
    operation: fc.constant('contains'),
    value: text,
    collation,
  }),
);
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    simple,
    fc.record({
      operation: fc.constantFrom('and', 'or', 'not', 'exclusiveOr'),
      items: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));
const order: fc.Arbitrary<Order> = fc.record({
  property: fc.constantFrom('name', 'status', 'triggeredTime', 'triggeredAlarmId', 'alarmSource.objectName'),
  direction: fc.constantFrom('ascending', 'descending'),
  collation,
});
const query = fc.record({
  filter: fc.option(expression, { nil: undefined }),
  sort: fc.array(order, { maxLength: 3 }),
  offset: fc.nat(6),
  limit: fc.nat(8),
  isRaw: fc.boolean(),
});

test('filter, sort, offset and limit do what a naive model does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(alarm, { minLength: 1, maxLength: 12 }),
      fc.array(query, { minLength: 20, maxLength: 20 }),
      async (alarms, queries) => {
        const here = await world(alarms);
        try {
          const all = await here.items({});
          for (const { filter, sort, offset, limit, isRaw } of queries) {
            const found = ordered(
              all.filter((item) => filter === undefined || matches(item, filter)),
              sort,
            );
            const asked = { Filter: filter, Sort: sort, Offset: offset, Limit: limit };
            const answered = await (isRaw ? here.rawPage(asked) : here.page(asked));
            expect(answered).toEqual({
              items: found.slice(offset, offset + limit),
              totalCount: found.length,
            });
          }
        } finally {
          await here.close();
        }
      },
    ),
    { numRuns: 25 },
  );
});

/** A simulator with these alarms. It is closed by whoever asked: there are many of them. */
async function world(alarms: AlarmSpec[]): Promise<{
  page: (parameters: Readonly<Record<string, unknown>>) => Promise<Json>;
  /** The same, with nothing of the query encoded. */
  rawPage: (parameters: Readonly<Record<string, unknown>>) => Promise<unknown>;
  items: (parameters: Readonly<Record<string, unknown>>) => Promise<readonly Json[]>;
  close: () => Promise<void>;
}> {
  const clock = { now: () => Date.parse('2026-01-15T06:00:00Z') };
  const sim = await startSimulator({ clock, scenario: { name: 'random', vro: { plans: [] }, alarms } });
  const one = await oneClient(sim);
  const token = (await logInOne(sim)).json.access_token ?? '';
  const { hostname, port } = new URL(sim.urls.one);
  const given = (parameters: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const page = async (parameters: Readonly<Record<string, unknown>>): Promise<Json> =>
    (await one.call('GET', `${ALARMS}${queryOf(given(parameters))}`)).json;
  return {
    page,
    rawPage: async (parameters) => {
      const parts = Object.entries(given(parameters)).map(
        ([key, value]) => `${key}=${JSON.stringify(value)}`,
      );
      const path = `/api/v2.3${ALARMS}?${parts.join('&')}`;
      const headers = { authorization: `Bearer ${token}` };
      return JSON.parse(await raw({ hostname, port, path, headers })) as unknown;
    },
    items: async (parameters) => (await page(parameters))['items'] as readonly Json[],
    close: () => sim.close(),
  };
}

const SCENARIO: Scenario = {
  name: 'few',
  vro: { plans: [] },
  alarms: ['vm-10', 'VM-9', 'vm-2'].map((object) => ({ name: `Alarm of ${object}`, object })),
};

async function names({ items }: OneSite, parameters: Readonly<Record<string, unknown>>): Promise<unknown[]> {
  const found = await items(ALARMS, { Select: 'alarmSource.objectName', ...parameters });
  return found.map((item) => (item['alarmSource'] as Json)['objectName']);
}

describe('a query', () => {
  test.each([
    ['ordinal', ['VM-9', 'vm-10', 'vm-2']],
    ['ignorecase', ['vm-10', 'vm-2', 'VM-9']],
    ['lexicographic', ['vm-2', 'VM-9', 'vm-10']],
    [undefined, ['vm-10', 'vm-2', 'VM-9']],
  ])('sorts with the collation %s', async (used, expected) => {
    const here = await oneSite({ scenario: SCENARIO });
    const sort = { property: 'alarmSource.objectName', direction: 'ascending', collation: used };
    expect(await names(here, { sort })).toEqual(expected);
  });

  test('may be raw JSON as well as URL-encoded', async () => {
    const here = await oneSite({ scenario: SCENARIO });
    const filter = '{"property":"alarmSource.objectName","operation":"equals","value":"vm-9"}';
    expect(await names(here, { filter })).toEqual(['VM-9']);
    const { hostname, port } = new URL(here.sim.urls.one);
    const token = (await logInOne(here.sim)).json.access_token ?? '';
    const path = `/api/v2.3${ALARMS}?Filter=${filter}&Select=triggeredAlarmId`;
    const answer = await raw({ hostname, port, path, headers: { authorization: `Bearer ${token}` } });
    expect(JSON.parse(answer)).toEqual({ items: [{ triggeredAlarmId: 2 }], totalCount: 1 });
  });

  test('takes operators, directions and collations in any case', async () => {
    const here = await oneSite({ scenario: SCENARIO });
    const filter = {
      Operation: 'AND',
      Item: [{ Property: 'NAME', operation: 'Contains', collation: 'Ordinal', value: 'vm' }],
    };
    const sort = [{ property: 'triggeredAlarmId', direction: 'Descending' }];
    expect(await names(here, { filter, sort })).toEqual(['vm-2', 'vm-10']);
  });

  test('compares instants, however they are written', async () => {
    const here = await oneSite({ scenario: SCENARIO });
    const at = (value: string) => ({ property: 'triggeredTime', operation: 'equals', value });
    expect(await names(here, { filter: at('2026-01-15T06:00:00+01:00') })).toHaveLength(3);
    expect(await names(here, { filter: at('2026-01-15T05:00:00') })).toHaveLength(3);
  });

  test('looks for numbers that are written as text', async () => {
    const here = await oneSite({ scenario: SCENARIO });
    const filter = { property: 'triggeredAlarmId', operation: 'in', value: ['1', '3'] };
    expect(await names(here, { filter })).toEqual(['vm-10', 'vm-2']);
  });

  test.each([
    ['an unknown property', { Filter: { property: 'colour', operation: 'equals', value: 1 } }],
    ['an unknown operator', { Filter: { property: 'name', operation: 'like', value: 'x' } }],
    ['an unknown collation', { Sort: { property: 'name', collation: 'klingon' } }],
    ['an empty group', { Filter: { operation: 'and', items: [] } }],
    ['an unknown property to sort by', { Sort: { property: 'colour' } }],
    ['an unknown property to select', { Select: 'colour' }],
    ['no JSON', { Filter: '{"property"' }],
    ['a negative offset', { Offset: '-1' }],
    ['no number as limit', { Limit: 'all' }],
    ['a group that is nested too deep', { Filter: deep(40) }],
  ])('with %s is refused', async (_title, parameters) => {
    const { one } = await oneSite({ scenario: SCENARIO });
    expect(await one.call('GET', `${ALARMS}${queryOf(parameters)}`)).toMatchObject({
      status: 400,
      json: { title: 'Bad Request' },
    });
  });

  test('shows a hundred items unless told otherwise', async () => {
    const alarms = Array.from({ length: 120 }, (_, index) => ({ name: 'a', object: `o-${index}` }));
    const { get } = await oneSite({ scenario: { ...SCENARIO, alarms } });
    const page = await get(ALARMS);
    expect([(page['items'] as Json[]).length, page['totalCount']]).toEqual([100, 120]);
  });
});

function deep(levels: number): Expression {
  return levels === 0
    ? { property: 'name', operation: 'equals', value: 'x' }
    : { operation: 'not', items: [deep(levels - 1)] };
}

/** A request whose path goes out exactly as it is written. */
function raw(options: RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    request(options, (response) => resolve(textOf(response)))
      .on('error', reject)
      .end();
  });
}
