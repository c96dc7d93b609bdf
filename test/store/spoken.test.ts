import { expect, it } from 'vitest';
import type { HeardVote } from '../../src/model/witness.ts';
import type { SpokenStore } from '../../src/store/index.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { rowsAt, storesOver } from './support.ts';

const ANNA: HeardVote = {
  run: 'execution',
  runId: 'erp-1',
  gate: 'go',
  nonce: 'n-1',
  digest: 'd-1',
  approver: 'boris',
  decision: 'approve',
  comment: 'go ahead',
  witness: 'anna',
  code: '7K2M-Q0ZX',
  at: 100_000,
};
const EMIL: HeardVote = { ...ANNA, witness: 'emil', at: 160_000 };

async function newSpoken() {
  const url = await databaseUrlForTest();
  const { spoken } = await storesOver(url);
  return { url, spoken };
}

/** Enters it with the right code for a vote of this id. */
const hear = (spoken: SpokenStore, entered: HeardVote, vote = 'vote-1', isRight = true) =>
  spoken.hear(entered, { vote, since: 0, isRight, maxWrong: 5 });

it('is heard by one, and then by both, who belong to the vote', async () => {
  const { spoken } = await newSpoken();
  const first = await hear(spoken, ANNA, 'vote-0');
  const second = await hear(spoken, EMIL, 'vote-1');
  expect([first, second]).toEqual([{ heard: [ANNA] }, { heard: [ANNA, EMIL] }]);
  expect([await spoken.of('vote-0'), await spoken.of('vote-1')]).toEqual([[], [ANNA, EMIL]]);
});

it('is used once: a third witness begins anew', async () => {
  const { spoken } = await newSpoken();
  await hear(spoken, ANNA);
  await hear(spoken, EMIL);
  const third = { ...ANNA, witness: 'frida', at: 170_000 };
  expect(await hear(spoken, third, 'vote-2')).toEqual({ heard: [third] });
});

it('makes one pair of many who enter at once', async () => {
  const { spoken } = await newSpoken();
  const names = ['anna', 'emil', 'frida', 'gerd'];
  const results = await Promise.all(
    names.map((witness) => hear(spoken, { ...ANNA, witness }, `vote-of-${witness}`)),
  );
  const sizes = results.map((result) => ('heard' in result ? result.heard.length : 0)).sort();
  expect(sizes).toEqual([1, 1, 2, 2]);
});

it('needs a second witness', async () => {
  const { spoken } = await newSpoken();
  await hear(spoken, ANNA);
  expect(await hear(spoken, { ...ANNA, at: 110_000 })).toEqual({ refusal: 'sameWitness' });
});

it.each([
  ['another opening', { nonce: 'n-2' }],
  ['another approver', { approver: 'carla' }],
  ['another decision', { decision: 'reject' }],
] as const)('does not go with %s', async (_what, changes) => {
  const { spoken } = await newSpoken();
  await hear(spoken, ANNA);
  const other = { ...EMIL, ...changes };
  expect(await hear(spoken, other)).toEqual({ heard: [other] });
});

it('does not go with what was entered too long ago', async () => {
  const { spoken } = await newSpoken();
  await hear(spoken, ANNA);
  const options = { vote: 'vote-1', since: ANNA.at, isRight: true, maxWrong: 5 };
  expect(await spoken.hear(EMIL, options)).toEqual({ heard: [EMIL] });
});

it('counts the last word of a witness', async () => {
  const { spoken } = await newSpoken();
  await hear(spoken, ANNA);
  await hear(spoken, { ...ANNA, decision: 'reject', at: 120_000 });
  expect(await hear(spoken, EMIL)).toEqual({ heard: [EMIL] });
});

it('refuses every code after five wrong ones of one witness, and not those of another', async () => {
  const { spoken } = await newSpoken();
  const wrong = await Promise.all(Array.from({ length: 8 }, () => hear(spoken, ANNA, 'vote-1', false)));
  const reasons = wrong.map((result) => ('refusal' in result ? result.refusal : 'none')).sort();
  expect(reasons).toEqual([...Array<string>(3).fill('tooManyCodes'), ...Array<string>(5).fill('wrongCode')]);
  expect([await hear(spoken, ANNA), await hear(spoken, EMIL)]).toEqual([
    { refusal: 'tooManyCodes' },
    { heard: [EMIL] },
  ]);
});

it('keeps what did not count, newest first, without the code that was tried', async () => {
  const { spoken, url } = await newSpoken();
  await hear(spoken, ANNA, 'vote-1', false);
  await spoken.refuse({ ...EMIL, approver: 'bo\u0000ris' }, 'unknownPerson');
  const { total, latest } = await spoken.refused('execution', 10);
  expect([total, latest.map(({ refusal, claimedPerson }) => [refusal, claimedPerson])]).toEqual([
    2,
    [
      ['unknownPerson', 'bo\ufffdris'],
      ['wrongCode', 'boris'],
    ],
  ]);
  expect(await rowsAt(url, 'SELECT DISTINCT code FROM spoken_votes')).toEqual([{ code: '' }]);
});
