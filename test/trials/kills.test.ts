import { expect, inject, it, onTestFinished } from 'vitest';
import { ownTemporal } from '../support/own-temporal.ts';
import { killMany } from './kills.ts';

it.each(['named', 'embedded'] as const)(
  'worker, server and database (%s) are killed: the ledger verifies, nothing is lost in it or done twice',
  { timeout: 300_000 },
  async (kind) => {
    // Its worker takes whatever is on the queue of muster: on a server that is shared that would be the runs of others.
    const { address } = await ownTemporal({ onTestFinished });
    const place = { kind, address, cliPath: inject('temporalCliPath') };
    const { wrong, runs } = await killMany(place, {
      // With this seed, each of the three once.
      kills: 3,
      seed: 7,
      say: () => undefined,
    });
    expect(wrong).toEqual([]);
    expect(runs).toBeGreaterThan(0);
  },
);
