import { expect, test } from 'vitest';
import { ANY_TEXT, site } from './support.ts';

const BASE = '/api/v1/backups';
const AGENT = '7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0001';

test('the backup of an agent is found by the name of its computer', async () => {
  const { vbr } = await site();
  const { json } = await vbr.call('GET', `${BASE}?nameFilter=*branch-hh-01*`);
  expect(json.data).toEqual([
    {
      id: AGENT,
      name: 'Agent backup - branch-hh-01',
      jobId: ANY_TEXT,
      policyUniqueId: ANY_TEXT,
      platformName: 'WindowsPhysical',
      platformId: ANY_TEXT,
      creationTime: ANY_TEXT,
      repositoryId: ANY_TEXT,
    },
  ]);
  expect((await vbr.call('GET', `${BASE}/${AGENT}`)).json).toEqual(json.data?.[0]);
});

test('a backup says which machines it holds', async () => {
  const { vbr } = await site();
  const [crm] = (await vbr.call('GET', `${BASE}?nameFilter=Backup CRM`)).json.data ?? [];
  const objects = async (id: string): Promise<unknown[]> =>
    ((await vbr.call('GET', `${BASE}/${id}/objects`)).json.data ?? []).map(({ name }) => name);
  expect(await objects(crm?.id ?? '')).toEqual(['crm-app-01', 'crm-db-01']);
  expect(await objects(AGENT)).toEqual(['branch-hh-01']);
});

test('a token can be issued for an agent backup that was found', async () => {
  const { vbr } = await site();
  const [found] = (await vbr.call('GET', `${BASE}?nameFilter=*plant-01`)).json.data ?? [];
  const body = { backupIds: [found?.id], expirationDate: '2026-02-01T00:00:00Z' };
  expect((await vbr.call('POST', '/api/v1/agents/recoveryTokens', body)).status).toBe(200);
});

test('backups are ordered and paged', async () => {
  const { vbr } = await site();
  const { json } = await vbr.call('GET', `${BASE}?orderColumn=Name&orderAsc=false&skip=1&limit=2`);
  expect(json.data?.map(({ name }) => name)).toEqual(['Backup ERP-CANARY', 'Backup ERP']);
  expect(json['pagination']).toEqual({ total: 9, count: 2, skip: 1, limit: 2 });
});

test('an unknown backup is not found', async () => {
  const { vbr } = await site();
  const path = `${BASE}/11111111-1111-4111-8111-111111111111`;
  const answers = [await vbr.call('GET', path), await vbr.call('GET', `${path}/objects`)];
  expect(answers).toMatchObject(Array(2).fill({ status: 404, json: { errorCode: 'NotFound' } }));
});
