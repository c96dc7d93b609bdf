import { expect, it } from 'vitest';
import type { KeptVote } from '../../src/store/index.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { rowsAt, storesOver } from './support.ts';

const VOTE: KeptVote = {
  id: 'vote-1',
  run: 'execution',
  runId: 'erp-1',
  gate: 'go',
  nonce: 'nonce',
  person: 'boris',
  decision: 'approve',
  jws: 'signed',
  castAt: 500,
  expiresAt: 5_000,
};

async function newVotes() {
  const url = await databaseUrlForTest();
  return { url, ...(await storesOver(url)) };
}

it('are read back as they were kept, with and without a proof', async () => {
  const { votes } = await newVotes();
  const proven = { ...VOTE, id: 'vote-2', proof: 'id-token' };
  await votes.keep(VOTE);
  await votes.keep(proven);
  expect([await votes.find('vote-1'), await votes.find('vote-2')]).toEqual([VOTE, proven]);
});

it('that were never cast are not found', async () => {
  const { votes } = await newVotes();
  expect(await votes.find('vote-1')).toBeUndefined();
});

it('may be kept again as they are, and by nobody else under their id', async () => {
  const { votes } = await newVotes();
  await votes.keep(VOTE);
  await votes.keep(VOTE);
  await expect(votes.keep({ ...VOTE, jws: 'another' })).rejects.toMatchObject({ code: 'store.conflict' });
  expect(await votes.find('vote-1')).toEqual(VOTE);
});

it('of one id that are cast at once are one vote, and the others are told', async () => {
  const { votes } = await newVotes();
  const cast = Array.from({ length: 12 }, (_, index) => votes.keep({ ...VOTE, jws: `signed-${index}` }));
  const ended = await Promise.allSettled(cast);
  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('wait, the oldest first, until Temporal has taken them', async () => {
  const { votes } = await newVotes();
  await votes.keep({ ...VOTE, id: 'later', castAt: 900 });
  await votes.keep({ ...VOTE, id: 'sooner', castAt: 100 });
  const waiting = async () => (await votes.waiting(1_000, 10)).map(({ id }) => id);
  const before = await waiting();
  await votes.taken('sooner');
  expect([before, await waiting()]).toEqual([['sooner', 'later'], ['later']]);
});

it('wait only while they are good, and as many as were asked for', async () => {
  const { votes } = await newVotes();
  await votes.keep({ ...VOTE, id: 'expired', expiresAt: 1_000 });
  for (const id of ['a', 'b', 'c']) await votes.keep({ ...VOTE, id });
  expect((await votes.waiting(1_000, 2)).map(({ id }) => id)).toEqual(['a', 'b']);
});

it('that can never be taken are given up, unless they were', async () => {
  const { votes, url } = await newVotes();
  await votes.keep(VOTE);
  await votes.keep({ ...VOTE, id: 'taken' });
  await votes.taken('taken');
  for (const id of ['vote-1', 'taken']) await votes.giveUp(id, 'the run is over');
  expect(await rowsAt(url, 'SELECT id, given_up FROM votes ORDER BY id')).toEqual([
    { id: 'taken', given_up: null },
    { id: 'vote-1', given_up: 'the run is over' },
  ]);
  expect(await votes.waiting(1_000, 10)).toEqual([]);
});

it('that were committed are there for every other process', async () => {
  const { votes, url } = await newVotes();
  await votes.keep(VOTE);
  const other = await storesOver(url);
  await other.votes.taken('vote-1');
  expect(await votes.waiting(1_000, 10)).toEqual([]);
});
