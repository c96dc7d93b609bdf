import { expect, test } from 'vitest';
import type { Site } from './support.ts';
import { ANY_TEXT, site } from './support.ts';

async function names({ vro }: Site, query: string): Promise<unknown> {
  const { json } = await vro.call('GET', `/Plans?${query}`);
  return json.data?.map((plan) => plan.name);
}

function parameter(name: 'filter' | 'sort', value: unknown): string {
  return `${name}=${encodeURIComponent(JSON.stringify(value))}`;
}

test('a plan shows its state, mode and place', async () => {
  const { vro, idOf } = await site();
  const { json } = await vro.call('GET', `/Plans/${idOf('ERP')}`);
  expect(json).toEqual({
    id: idOf('ERP'),
    name: 'ERP',
    description: 'The ERP in production',
    planType: 'Replica',
    planMode: 'Enabled',
    planVerificationState: 'Verified',
    contactName: '',
    contactEmail: '',
    contactTel: '',
    targetRPO: 1440,
    targetRTO: 60,
    recoveryLocationId: ANY_TEXT,
    recoveryLocationName: 'Recovery Site',
    recoveryLocationType: 'Restore',
    recoveryLocationDescription: '',
    storageRecoveryLocations: [],
    serverId: ANY_TEXT,
    siteScopeId: ANY_TEXT,
    siteScopeName: 'Admin Scope',
    state: 'Ready',
    stateName: 'Verified',
    resultName: '',
    lastStableState: 'Ready',
    lastStableStateName: 'Verified',
    previousExecutionState: 'NotStarted',
    currentRunResult: 'Undefined',
    currentTestResult: 'Undefined',
    currentCheckResult: 'Success',
    lastCheckResult: 'Success',
    reportTemplateId: ANY_TEXT,
    containsAgentGroups: false,
    groupsType: 'VSphere',
    schedule: {
      scheduleEnabled: false,
      scheduleType: 'OnTime',
      scheduleTime: null,
      scheduleAfter: null,
      scheduleAfterPlanName: null,
      virusScan: false,
    },
  });
});

test('all plans of the demo world are listed', async () => {
  const here = await site();
  expect(await names(here, '')).toEqual(['ERP-CANARY', 'ERP', 'CRM', 'FILES', 'DISABLED-PLAN']);
});

test('disabled plans can be left out', async () => {
  expect(await names(await site(), 'onlyEnabled=true')).not.toContain('DISABLED-PLAN');
});

test('start is applied before limit, and total counts all', async () => {
  const { vro } = await site();
  const { json } = await vro.call('GET', '/Plans?start=1&limit=2');
  expect(json.total).toBe(5);
  expect(json.data?.map((plan) => plan.name)).toEqual(['ERP', 'CRM']);
});

test('a filter finds a plan by its exact name', async () => {
  const filter = parameter('filter', [{ property: 'Name', operator: '==', value: 'ERP' }]);
  expect(await names(await site(), filter)).toEqual(['ERP']);
});

test('a filter finds plans among several values', async () => {
  const filter = parameter('filter', [
    {
      operator: '&&',
      items: [
        { property: 'name', operator: 'in', value: ['ERP', 'FILES'] },
        { property: 'planType', operator: '==', value: 'Restore' },
      ],
    },
  ]);
  expect(await names(await site(), filter)).toEqual(['FILES']);
});

test('plans are sorted by several properties', async () => {
  const sort = parameter('sort', [
    { property: 'planType', direction: 'DESC' },
    { property: 'name', direction: 'asc' },
  ]);
  expect(await names(await site(), sort)).toEqual(['FILES', 'CRM', 'DISABLED-PLAN', 'ERP', 'ERP-CANARY']);
});

test.each([
  ['an unknown property', parameter('filter', [{ property: 'colour', operator: '==', value: 'red' }])],
  ['a filter that is not JSON', 'filter=name'],
  ['a negative limit', 'limit=-1'],
])('%s is a bad request', async (_title, query) => {
  const { vro } = await site();
  expect((await vro.call('GET', `/Plans?${query}`)).status).toBe(400);
});

test('unknown query parameters are ignored', async () => {
  const { vro } = await site();
  expect((await vro.call('GET', '/Plans?skip=3&colour=red')).json.total).toBe(5);
});

test('an unknown plan is not found', async () => {
  const { vro } = await site();
  const { status, json } = await vro.call('GET', '/Plans/11111111-1111-4111-8111-111111111111');
  expect({ status, json }).toEqual({ status: 404, json: { message: ANY_TEXT } });
});

test.each(['v7.1', 'V7.2', 'v7.21'])('version %s is answered', async (version) => {
  const { sim, vro } = await site();
  const { json } = await vro.call('GET', `/../${version}/plans`);
  expect(json.total).toBe(sim.world.plans().length);
});

test('another version is not found', async () => {
  const { vro } = await site();
  expect((await vro.call('GET', '/../v6/Plans')).status).toBe(404);
});
