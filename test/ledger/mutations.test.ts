import { describe, expect, it } from 'vitest';
import { evidenceBundle } from './evidence-run.ts';
import { tryMutation } from './mutations.ts';

/** Ten thousand are a trial of their own; see tryMutation. */
const MUTATIONS = 300;

const stock = await evidenceBundle();
const trials = Array.from({ length: MUTATIONS }, (_, seed) => tryMutation(seed, stock));

describe('evidence that was changed at random', () => {
  it('is never believed', () => {
    expect(trials.filter(({ problem }) => problem === undefined)).toEqual([]);
  });

  it('is told of with its place', () => {
    expect(trials.filter(({ problem }) => problem?.file === undefined)).toEqual([]);
  });

  it('is changed in all ways that there are', () => {
    expect(new Set(trials.map(({ what }) => what)).size).toBe(24);
  });
});
