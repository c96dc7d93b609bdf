import { expect, test } from 'vitest';
import type { Client, Site } from './support.ts';
import { LONG, site, vroClient } from './support.ts';
import { planInput, worldOf } from './vro-scenarios.ts';

const SCENARIO = worldOf([planInput('OURS'), planInput('THEIRS', { scope: 'Branch' })], {
  scopes: [{ name: 'Branch', yaraRules: ['worms', 'trojans'] }],
  users: [
    { username: 'author', password: 'Password2', role: 'PlanAuthor' },
    { username: 'operator', password: 'Password2', role: 'PlanOperator' },
    { username: 'branch', password: 'Password2', scopes: ['Branch'] },
  ],
});

async function siteFor(username: string): Promise<Site & { client: Client }> {
  const here = await site({ scenario: SCENARIO });
  return { ...here, client: await vroClient(here.sim, { username, password: 'Password2' }) };
}

test('a user of one scope sees its plans only, and nothing says so', async () => {
  const { client } = await siteFor('branch');
  const { json } = await client.call('GET', '/Plans');
  expect([json.total, json.data?.map((plan) => plan.name)]).toEqual([1, ['THEIRS']]);
});

test.each(['', '/Groups', '/Enable', '/Clone'])('a plan of another scope is not found: %s', async (below) => {
  const { client, idOf } = await siteFor('branch');
  const method = /^\/[EC]/.test(below) ? 'POST' : 'GET';
  const runtime = await client.call('GET', `/RuntimeDetails/Plans/${idOf('OURS')}`);
  const { status } = await client.call(method, `/Plans/${idOf('OURS')}${below}`);
  expect([status, runtime.status]).toEqual([404, 404]);
});

test('scopes and their rules are shown to those who are in them', async () => {
  const { client, vro, sim } = await siteFor('branch');
  const { json } = await client.call('GET', '/Scopes');
  expect(json).toMatchObject({ total: 1, data: [{ name: 'Branch', isDefault: false, state: 'Active' }] });
  expect((await vro.call('GET', '/scopes')).json).toMatchObject({ data: [{ name: 'Admin Scope' }, {}] });
  const rules = (await client.call('GET', `/Scopes/${json.data?.[0]?.id ?? ''}/YaraRules`)).json;
  expect(rules.data?.map((rule) => rule.name)).toEqual(['worms', 'trojans']);
  const foreign = sim.world.scenario.vro.scope.id;
  expect((await client.call('GET', `/Scopes/${foreign}/YaraRules`)).status).toBe(404);
});

test('an author prepares plans and does not run them', async () => {
  const { client, idOf, after } = await siteFor('author');
  const ask = async (action: string): Promise<number> =>
    (await client.call('POST', `/Plans/${idOf('OURS')}/${action}`)).status;
  const statuses: number[] = [];
  for (const action of ['Disable', 'Enable', 'ReadinessCheck', 'Failover', 'ResetState', 'Clone']) {
    statuses.push(await ask(action));
    after(LONG);
  }
  expect(statuses).toEqual([200, 200, 200, 403, 200, 200]);
});

test('an operator runs plans and does not change them', async () => {
  const { client, idOf, after } = await siteFor('operator');
  const ask = async (action: string): Promise<number> =>
    (await client.call('POST', `/Plans/${idOf('OURS')}/${action}`)).status;
  const statuses: number[] = [];
  for (const action of ['Disable', 'Clone', 'ResetChangeLog', 'ReadinessCheck', 'Failover', 'Undo']) {
    statuses.push(await ask(action));
    after(LONG);
  }
  expect(statuses).toEqual([403, 403, 403, 200, 200, 200]);
});

test('a refused command changes nothing', async () => {
  const { client, idOf, sim } = await siteFor('author');
  await client.call('POST', `/Plans/${idOf('OURS')}/Failover`);
  expect([sim.journal, sim.world.plan('OURS').situation.active]).toEqual([[], false]);
});

test('the details tell the roles of who asks', async () => {
  const { client, details, idOf } = await siteFor('operator');
  const { json } = await client.call('GET', `/RuntimeDetails/Plans/${idOf('OURS')}`);
  expect([json['roles'], (await details('OURS'))['roles']]).toEqual([
    ['DRPlanOperator'],
    ['DRSiteAdmin', 'DRPlanAuthor', 'DRPlanOperator'],
  ]);
});

test('a client has the rights of its user', async () => {
  const { client, sim } = await siteFor('branch');
  const { json } = await client.call('POST', '/Clients');
  const own = await vroClient(sim, {
    grant_type: 'client_credentials',
    client_id: String(json['client_id']),
    client_secret: String(json['client_secret']),
  });
  expect((await own.call('GET', '/Plans')).json.total).toBe(1);
});
