import { expect, inject, test } from 'vitest';
import { runTrial } from './trial.ts';

/** A slice of what `npm run trials -- runbooks` does for longer, and with other seeds. */
const SEEDS = [1, 2];
const RUNS = 8;

test.each(SEEDS)(
  'random runbooks of seed %i go the way of the reference',
  { timeout: 240_000 },
  async (seed) => {
    const place = {
      address: inject('temporalAddress'),
      bundlePath: inject('workflowBundlePath'),
      databaseUrl: inject('databaseUrl'),
    };
    expect(await runTrial(place, { seed, count: RUNS })).toEqual([]);
  },
);
