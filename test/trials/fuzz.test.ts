import { describe, expect, it } from 'vitest';
import { readCorpus } from './corpus.ts';
import { fuzz, hasGrown, newState, type FuzzState } from './fuzz.ts';
import { BATCH_SIZE, casesOf, FUZZ_KINDS } from './fuzz-case.ts';
import { judge } from './fuzz-judge.ts';

/** A slice of what `npm run trials -- fuzz` does for an hour, always the same. */
const SEED = 20_261_121;
const SLICE = 3;

describe('hostile inputs made at random', () => {
  it('all get a result or a known code, also after a pause', async () => {
    const begun = await fuzz(newState(SEED), { isOver: ({ batch }) => batch >= 1 });
    const resumed = JSON.parse(JSON.stringify(begun)) as FuzzState;
    const state = await fuzz(resumed, { isOver: ({ batch }) => batch >= SLICE });
    expect(state.findings).toEqual([]);
    expect(state).toMatchObject({ batch: SLICE, cases: SLICE * BATCH_SIZE });
  });

  it('are answered in many ways', async () => {
    const corpus = await readCorpus();
    const answers = casesOf(corpus, { seed: SEED, batch: SLICE }).map((one) => judge(one));
    expect(answers.filter((codes) => codes.includes('ok')).length).toBeGreaterThan(10);
    expect(new Set(answers.flat()).size).toBeGreaterThan(15);
  });

  it('are of every kind, and the same for the same seed', async () => {
    const corpus = await readCorpus();
    const cases = casesOf(corpus, { seed: SEED, batch: 0 });
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(FUZZ_KINDS));
    expect(casesOf(corpus, { seed: SEED, batch: 0 })).toEqual(cases);
  });
});

it.each([
  ['what is kept on purpose', { warm: 100, last: 140 }, false],
  ['a leak', { warm: 100, last: 160 }, true],
  ['what has not warmed up', { last: 500 }, false],
])('growth is told from %s', (_, megabytes, expected) => {
  const heap = Object.fromEntries(
    Object.entries(megabytes).map(([name, value]) => [name, value * 1_024 ** 2]),
  );
  expect(hasGrown({ ...newState(SEED), heap: { last: 0, ...heap } })).toBe(expected);
});
