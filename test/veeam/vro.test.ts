import { expect, test } from 'vitest';
import { createVroClient } from '../../src/veeam/index.ts';
import { containing, failureOf, fakeVeeam, vroClient } from './fake-server.ts';
import * as samples from './samples.ts';
import { GROUP_ID, PLAN_ID, STEP_ID, VM_ID, pageOf } from './samples.ts';

const ROOT = `/api/v7.21/RuntimeDetails/Plans/${PLAN_ID}`;

const BODIES: Readonly<Record<string, unknown>> = {
  [ROOT]: samples.PLAN_DETAILS,
  [`${ROOT}/Groups`]: pageOf(samples.GROUP),
  [`${ROOT}/Groups/${GROUP_ID}`]: pageOf(samples.VM),
  [`${ROOT}/Groups/${GROUP_ID}/Steps`]: pageOf(samples.STEP),
  [`${ROOT}/Vms/${VM_ID}/Steps`]: pageOf(samples.STEP),
  [`${ROOT}/Steps/${STEP_ID}`]: pageOf(samples.STEP_DETAIL),
};

test("the vendor's runtime details are read as printed", async () => {
  const server = await fakeVeeam(({ path }) => ({ json: BODIES[path] ?? null }));
  const { runtimeDetails } = vroClient(server.url);

  expect({
    plan: await runtimeDetails.plan(PLAN_ID),
    groups: await runtimeDetails.groups(PLAN_ID),
    groupVms: await runtimeDetails.groupVms(PLAN_ID, GROUP_ID),
    groupSteps: await runtimeDetails.groupSteps(PLAN_ID, GROUP_ID),
    vmSteps: await runtimeDetails.vmSteps(PLAN_ID, VM_ID),
    step: await runtimeDetails.step(PLAN_ID, STEP_ID),
  }).toEqual({
    plan: samples.PLAN_DETAILS,
    groups: pageOf(samples.GROUP),
    groupVms: pageOf(samples.VM),
    groupSteps: pageOf(samples.STEP),
    vmSteps: pageOf(samples.STEP),
    step: pageOf(samples.STEP_DETAIL),
  });
});

test.each([
  ['password', samples.VRO_LOGIN],
  ['client', samples.VRO_CLIENT_LOGIN],
  ['refresh', samples.VRO_REFRESH],
])("the vendor's token answer (%s) is used as printed", async (_, json) => {
  const server = await fakeVeeam(
    () => ({ json: samples.PLAN_DETAILS }),
    () => ({ json }),
  );

  await vroClient(server.url).runtimeDetails.plan(PLAN_ID);

  expect(server.to(PLAN_ID)[0]?.headers.authorization).toBe(`Bearer ${json.access_token}`);
});

/** A collection that honours start, limit and the name filter, as the server would. */
async function serverWithPlans(all: readonly { id: string; name: string }[]) {
  return fakeVeeam(({ query }) => {
    const filter = JSON.parse(query.get('filter') ?? '[]') as { value: string }[];
    const matching = all.filter(({ name }) =>
      filter.every(({ value }) => name.toLowerCase() === value.toLowerCase()),
    );
    const start = Number(query.get('start') ?? 0);
    return {
      json: {
        total: matching.length,
        data: matching.slice(start, start + Number(query.get('limit') ?? 100)),
      },
    };
  });
}

test('start, limit, filter and sort reach the server as JSON in the query', async () => {
  const server = await serverWithPlans([]);
  const filter = [{ property: 'planType', operator: 'in', value: ['Restore', 'Replica'] }] as const;
  const sort = [{ property: 'state', direction: 'ASC' }] as const;

  await vroClient(server.url).plans({ start: 3, limit: 5, filter, sort, onlyEnabled: true });

  expect(Object.fromEntries(server.to('/Plans')[0]?.query ?? [])).toEqual({
    start: '3',
    limit: '5',
    onlyEnabled: 'true',
    filter: JSON.stringify(filter),
    sort: JSON.stringify(sort),
  });
});

test('a plan is found by its exact name', async () => {
  const server = await serverWithPlans([
    { id: 'p1', name: 'ERP & co + 100%' },
    { id: 'p2', name: 'erp & CO + 100%' },
    { id: 'p3', name: 'other' },
  ]);

  expect(await vroClient(server.url).findPlan('ERP & co + 100%')).toMatchObject({ id: 'p1' });
});

test('a plan is found by its id', async () => {
  const server = await fakeVeeam(({ path }) => ({ json: { id: PLAN_ID, name: path } }));

  expect(await vroClient(server.url).findPlan(PLAN_ID)).toMatchObject({
    name: `/api/v7.21/Plans/${PLAN_ID}`,
  });
});

test('an unknown name is veeam.notFound', async () => {
  const server = await serverWithPlans([{ id: 'p2', name: 'erp' }]);

  expect(await failureOf(vroClient(server.url).findPlan('ERP'))).toMatchObject({
    code: 'veeam.notFound',
    message: containing('no plan is named exactly "ERP"'),
  });
});

test('a server without a list of plans is one of another version', async () => {
  const server = await fakeVeeam(() => ({ status: 404 }));

  expect(await failureOf(vroClient(server.url).findPlan('ERP'))).toMatchObject({
    code: 'veeam.version',
    message: containing('Set apiVersion of this connection'),
  });
});

test('a name of two plans is veeam.ambiguousName', async () => {
  const server = await serverWithPlans([
    { id: 'p1', name: 'ERP' },
    { id: 'p2', name: 'ERP' },
  ]);

  expect(await failureOf(vroClient(server.url).findPlan('ERP'))).toMatchObject({
    code: 'veeam.ambiguousName',
  });
});

/** `count` groups on a server that honours start and limit, or ignores start. */
async function serverWithGroups(count: number, { ignoresStart = false } = {}) {
  const all = Array.from({ length: count }, (_, index) => ({ ...samples.GROUP, id: `g${index}` }));
  return fakeVeeam(({ query }) => {
    const start = ignoresStart ? 0 : Number(query.get('start'));
    return { json: { total: count, data: all.slice(start, start + Number(query.get('limit'))) } };
  });
}

test('collections are read page by page', async () => {
  const server = await serverWithGroups(450);

  const groups = await vroClient(server.url).runtimeDetails.groups(PLAN_ID);

  expect(new Set(groups.data.map(({ id }) => id)).size).toBe(450);
  expect(server.to('/Groups').map(({ query }) => query.get('start'))).toEqual(['0', '200', '400']);
});

test('a collection cut by the limit still tells its total', async () => {
  const server = await serverWithGroups(450);

  const { total, data } = await vroClient(server.url).runtimeDetails.groups(PLAN_ID, { limit: 250 });

  expect([total, data.length]).toEqual([450, 250]);
});

test('a server that ignores start does not loop', async () => {
  const server = await serverWithGroups(450, { ignoresStart: true });

  const { data } = await vroClient(server.url).runtimeDetails.groups(PLAN_ID);

  expect(data).toHaveLength(200);
  expect(server.to('/Groups')).toHaveLength(2);
});

test.each(['', '..', '../../token', 'a/b', 'a?b', 'a%2fb', 'a b', 'a#b', 'a\nb'])(
  '%j is refused as an id',
  async (id) => {
    const server = await fakeVeeam(() => ({}));

    expect(await failureOf(vroClient(server.url).undo(id))).toMatchObject({
      code: 'veeam.badInput',
      effect: 'none',
    });
    expect(server.seen).toEqual([]);
  },
);

test.each([
  'vro.example:9898',
  'ftp://vro.example',
  'https://vro@evil.example',
  'https://vro.example/api',
  'https://vro.example?x',
  'https://vro.example#@evil',
])('%j is refused as a url', (url) => {
  const credentials = { kind: 'password', username: 'u', password: () => 'p' } as const;

  expect(() => createVroClient({ connection: 'dr-site', url, credentials })).toThrow(
    expect.objectContaining({ code: 'veeam.badInput' }),
  );
});

test('the API version is part of the path', async () => {
  const server = await fakeVeeam(() => ({}));

  await vroClient(server.url, { apiVersion: 'v7.1' }).undo(PLAN_ID);

  expect(server.seen.map(({ path }) => path)).toEqual(['/api/token', `/api/v7.1/Plans/${PLAN_ID}/Undo`]);
});
