import fc from 'fast-check';
import { request } from 'node:http';
import { json as jsonOf } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { parseQueryString } from '../../src/simulator/vro/query-string.ts';
import { asItIs, pageOf } from '../../src/simulator/vro/query.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import type { Simulator } from '../../src/simulator/index.ts';
import type { Site } from './support.ts';
import { logIn, send, site } from './support.ts';
import type { Field } from './vro-query-arbitrary.ts';
import { queriesOver, written } from './vro-query-arbitrary.ts';
import type { Item } from './vro-query-model.ts';
import { pageMeant } from './vro-query-model.ts';
import { planInput, worldOf } from './vro-scenarios.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'c', ' ', '&', '=', '[', '"'), maxLength: 3 });
const number = fc.integer({ min: -2, max: 2 });
const nullable = fc.option(text, { nil: null });
const queries = queriesOver({
  name: { values: text, kind: 'text' },
  count: { values: number, kind: 'number' },
  flag: { values: fc.boolean(), kind: 'flag' },
  note: { values: nullable, kind: 'text' },
  'part.count': { values: number, kind: 'number' },
  'part.note': { values: nullable, kind: 'text' },
});
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

test('filter, sort, start and limit do what a naive reading says', () => {
  fc.assert(
    fc.property(items, queries, fc.boolean(), (all, asked, isRaw) => {
      const answer = pageOf(all, parseQueryString(written(asked, isRaw)), asItIs);
      expect(answer).toEqual(pageMeant(all, asked));
    }),
    { numRuns: 500 },
  );
});

/** No blanks: a blank cannot stand in a path as it is. */
const word = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', '&', '=', '[', '"'),
  minLength: 1,
  maxLength: 3,
});
const TYPES = ['Replica', 'Restore', 'Storage'] as const;
const HOURS = ['2026-02-15T06:00:00.000Z', '2026-02-15T07:00:00.000Z'] as const;
const plans = fc.uniqueArray(
  fc.record({
    name: word,
    description: word,
    planType: fc.constantFrom(...TYPES),
    targetRPO: fc.integer({ min: 1, max: 3 }),
    scheduledAt: fc.option(fc.constantFrom(...HOURS)),
  }),
  { selector: ({ name }) => name.toLowerCase(), minLength: 1, maxLength: 8 },
);
type RandomPlan = typeof plans extends fc.Arbitrary<(infer One)[]> ? One : never;

const PLAN_FIELDS: Readonly<Record<string, Field>> = {
  name: { values: word, kind: 'text' },
  description: { values: word, kind: 'text' },
  planType: { values: fc.constantFrom(...TYPES, 'replica'), kind: 'text' },
  targetRPO: { values: fc.integer({ min: 1, max: 3 }), kind: 'number' },
  'schedule.scheduleEnabled': { values: fc.boolean(), kind: 'flag' },
  'schedule.scheduleTime': { values: fc.constantFrom(null, ...HOURS), kind: 'text' },
};

test('over HTTP the plans of any world are found as a naive reading says, raw and URL-encoded', async () => {
  await fc.assert(
    fc.asyncProperty(
      plans,
      fc.array(queriesOver(PLAN_FIELDS), { minLength: 10, maxLength: 10 }),
      async (some, asked) => {
        const simulator = await startSimulator({ scenario: scenarioOf(some) });
        try {
          const get = await readerOf(simulator, some);
          const { data: all } = (await get('')) as { data: readonly Item[] };
          for (const query of asked) {
            const meant = pageMeant(all, query);
            expect(await get(`?${written(query, true)}`)).toEqual(meant);
            expect(await get(`?${written(query, false)}`)).toEqual(meant);
          }
        } finally {
          await simulator.close();
        }
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);

function scenarioOf(some: readonly RandomPlan[]) {
  const inputs = some.map(({ name, description, planType, targetRPO }) =>
    planInput(name, { description, planType, targetRPO }),
  );
  return worldOf(inputs);
}

/** Schedules what has a time, and answers what reads the plans; the query goes over the wire as it is written. */
async function readerOf(
  { world, urls, ...simulator }: Simulator,
  some: readonly RandomPlan[],
): Promise<(query: string) => Promise<unknown>> {
  const token = (await logIn({ world, urls, ...simulator })).json.access_token ?? '';
  const headers = { authorization: `Bearer ${token}` };
  const base = '/api/v7.21/Plans';
  for (const { name, scheduledAt: startTime } of some) {
    if (startTime === null) continue;
    const path = `${base}/${world.plan(name).spec.id}/Schedule/SaveTime`;
    expect((await send(`${urls.vro}${path}`, 'PUT', { startTime }, headers)).status).toBe(200);
  }
  const { hostname, port } = new URL(urls.vro);
  return (query) =>
    new Promise((resolve, reject) => {
      request({ hostname, port, path: base + query, headers }, (answer) => resolve(jsonOf(answer)))
        .on('error', reject)
        .end();
    });
}

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
