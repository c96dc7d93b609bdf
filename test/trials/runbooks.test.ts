import { expect, inject, it } from 'vitest';
import { newRunbooksState, tryRunbooks, type RunbooksState } from './runbooks.ts';

const place = () => ({
  address: inject('temporalAddress'),
  bundlePath: inject('workflowBundlePath'),
  databaseUrl: inject('databaseUrl'),
});

it('goes on with the next batch after a pause', { timeout: 240_000 }, async () => {
  const paused = { ...newRunbooksState(20_261_121), batch: 3, runs: 9 };
  const resumed = JSON.parse(JSON.stringify(paused)) as RunbooksState;
  const state = await tryRunbooks(resumed, place(), { isOver: ({ batch }) => batch >= 4, runs: 2 });
  expect(state).toMatchObject({ batch: 4, runs: 11, findings: [] });
});

it('does not count a batch that was interrupted', async () => {
  const state = newRunbooksState(1);
  const signal = AbortSignal.abort();
  expect(await tryRunbooks(state, place(), { isOver: () => false, signal })).toEqual(state);
});
