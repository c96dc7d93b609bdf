import { expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import { ANY_TEXT, logIn, site, vroClient } from './support.ts';
import type { Client, Site } from './support.ts';

interface Created {
  readonly client_id: string;
  readonly client_secret: string;
}

async function create({ vro }: Site): Promise<Created> {
  return (await vro.call('POST', '/Clients')).json as unknown as Created;
}

function formOf({ client_id, client_secret }: Created): Record<string, string> {
  return { grant_type: 'client_credentials', client_id, client_secret };
}

function asClient(sim: Simulator, created: Created): Promise<Client> {
  return vroClient(sim, formOf(created));
}

test('a user creates a client that can log in', async () => {
  const here = await site();
  const created = await create(here);
  expect(created).toEqual({ client_id: ANY_TEXT, client_secret: ANY_TEXT });
  const client = await asClient(here.sim, created);
  expect((await client.call('GET', '/Plans')).json.total).toBe(5);
});

test('a user sees all its clients, a client only itself', async () => {
  const here = await site();
  const [one, other] = [await create(here), await create(here)];
  const { id } = here.sim.world.scenario.vro.client;
  expect((await here.vro.call('GET', '/Clients')).json).toEqual([id, one.client_id, other.client_id]);
  const client = await asClient(here.sim, one);
  expect((await client.call('GET', '/Clients')).json).toEqual([one.client_id]);
});

test('a client creates no clients', async () => {
  const here = await site();
  const client = await asClient(here.sim, await create(here));
  expect((await client.call('POST', '/Clients')).status).toBe(403);
});

test('a client deletes itself and nobody else', async () => {
  const here = await site();
  const [one, other] = [await create(here), await create(here)];
  const client = await asClient(here.sim, one);
  const remove = async (id: string): Promise<number> =>
    (await client.call('DELETE', `/Clients?clientId=${id}`)).status;
  expect([await remove(other.client_id), await remove(one.client_id)]).toEqual([404, 204]);
});

test('the tokens of a deleted client are void', async () => {
  const here = await site();
  const created = await create(here);
  const pair = await logIn(here.sim, formOf(created));
  const client = await asClient(here.sim, created);
  await here.vro.call('DELETE', `/clients?CLIENTID=${created.client_id.toUpperCase()}`);
  const again = { grant_type: 'refresh_token', refresh_token: pair.json.refresh_token ?? '' };
  expect([
    (await client.call('GET', '/Plans')).status,
    (await logIn(here.sim, again)).status,
    (await logIn(here.sim, formOf(created))).json,
  ]).toEqual([401, 400, { error: 'invalid_client' }]);
});

test('to delete a client takes its id', async () => {
  const { vro } = await site();
  expect((await vro.call('DELETE', '/Clients')).status).toBe(400);
});
