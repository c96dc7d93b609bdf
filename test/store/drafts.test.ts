import { expect, test } from 'vitest';
import { postgresDrafts } from '../../src/store/postgres/drafts.ts';
import { databaseForTest } from '../support/database.ts';

const DRAFT = {
  bindingHash: 'a'.repeat(64),
  person: 'anna',
  draft: { runId: 'one', said: { decision: 'approve' } },
  madeAt: 1_000,
  expiresAt: 2_000,
};
const open = async () => postgresDrafts(await databaseForTest());

test('a draft is taken out once', async () => {
  const drafts = await open();
  await drafts.keep(DRAFT);
  const taken = await Promise.all([1, 2, 3].map(() => drafts.take(DRAFT.bindingHash, 1_500)));
  expect(taken.filter((one) => one !== undefined)).toEqual([DRAFT]);
});

test('a draft that is too old is gone', async () => {
  const drafts = await open();
  await drafts.keep(DRAFT);
  expect(await drafts.take(DRAFT.bindingHash, 2_000)).toBeUndefined();
});

test('a draft is found by its binding only', async () => {
  const drafts = await open();
  await drafts.keep(DRAFT);
  expect(await drafts.take('b'.repeat(64), 1_500)).toBeUndefined();
});
