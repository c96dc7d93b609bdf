import { expect, it } from 'vitest';
import type { Freeze } from '../../src/model/freeze.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { rowsAt, storesOver } from './support.ts';

const FREEZE: Freeze = { id: 'f1', reason: 'ransomware', by: 'anna', at: 100, scope: {}, from: 100 };

async function newFreezes() {
  const url = await databaseUrlForTest();
  return { url, ...(await storesOver(url)) };
}

it('are read back as they were set, whatever they are about', async () => {
  const { freezes } = await newFreezes();
  const scoped: Freeze = {
    ...FREEZE,
    id: 'f2',
    scope: { runbooks: 'erp-*', connection: 'dr-site', mode: 'live' },
    from: 200,
    until: 9_000,
  };
  await freezes.set(FREEZE);
  await freezes.set(scoped);
  expect(await freezes.pending(1_000)).toEqual([FREEZE, scoped]);
});

it('are in force for every other process once they are set', async () => {
  const { freezes, url } = await newFreezes();
  const other = await storesOver(url);
  await freezes.set(FREEZE);
  expect(await other.freezes.pending(1_000)).toEqual([FREEZE]);
});

it('are over when they are lifted, once, or when their time is', async () => {
  const { freezes } = await newFreezes();
  await freezes.set(FREEZE);
  await freezes.set({ ...FREEZE, id: 'f2', until: 500 });
  expect([await freezes.lift('f1', 'boris'), await freezes.lift('f1', 'clara')]).toEqual([true, false]);
  expect(await freezes.pending(500)).toEqual([]);
});

it('that were never set cannot be lifted', async () => {
  const { freezes } = await newFreezes();
  expect(await freezes.lift('f9', 'boris')).toBe(false);
});

it('stay as a record of who lifted them', async () => {
  const { freezes, url } = await newFreezes();
  await freezes.set(FREEZE);
  await Promise.all(['boris', 'clara'].map((person) => freezes.lift('f1', person)));
  const [row] = await rowsAt(url, 'SELECT reason, lifted_by FROM freezes');
  expect(['boris', 'clara']).toContain(row?.['lifted_by']);
});

it('that begin later are pending already', async () => {
  const { freezes } = await newFreezes();
  const planned = { ...FREEZE, from: 50_000, until: 90_000 };
  await freezes.set(planned);
  expect(await freezes.pending(1_000)).toEqual([planned]);
});
