import { expect, inject, it } from 'vitest';
import { floodWithBadVotes } from './votes.ts';

it(
  'no bad vote of a flood counts, each is kept, and the right people still open the gate',
  { timeout: 180_000 },
  async () => {
    const place = {
      address: inject('temporalAddress'),
      bundlePath: inject('workflowBundlePath'),
      databaseUrl: inject('databaseUrl'),
    };
    const { sent, counted, refusedInRun, refusedInStore, outcome } = await floodWithBadVotes(place, {
      seed: 6,
      count: 400,
    });
    expect({ counted, refusedInRun, refusedInStore, outcome }).toEqual({
      counted: 0,
      refusedInRun: sent,
      refusedInStore: sent,
      outcome: 'succeeded',
    });
  },
);
