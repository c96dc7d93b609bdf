import { expect, inject, it } from 'vitest';
import { freezeMany } from './freeze.ts';

it(
  'no step of many runs acts once freeze has returned, and all go on afterwards',
  { timeout: 240_000 },
  async () => {
    const place = {
      address: inject('temporalAddress'),
      bundlePath: inject('workflowBundlePath'),
      databaseUrl: inject('databaseUrl'),
    };
    const { runs, during, after, succeeded } = await freezeMany(place, { runs: 40 });
    expect({ during, succeeded }).toEqual({ during: 0, succeeded: runs });
    expect(after).toBeGreaterThan(0);
  },
);
