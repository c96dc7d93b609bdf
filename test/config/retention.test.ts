import { expect, it } from 'vitest';
import { configLoader } from './load.ts';

const { load, problemsOf } = await configLoader();
const DAY_MS = 86_400_000;

it('everything is kept for ever by default, and nothing goes by itself', async () => {
  expect((await load('')).retention).toEqual({ drills: 1, automatic: false });
});

it('ages are years or days; a year is never less than one', async () => {
  const { retention } = await load('retention: { runs: 10y, identity: 400d, drills: 4, automatic: true }');
  expect(retention).toEqual({
    runs: 3_660 * DAY_MS,
    identity: 400 * DAY_MS,
    drills: 4,
    automatic: true,
  });
});

it.each(['runs: 5m', 'runs: 0d', 'runs: 101y', 'runs: 10', 'votes: 1y', 'drills: -1'])(
  'refuses %s',
  async (written) => {
    expect(await problemsOf(`retention: { ${written} }`)).toHaveLength(1);
  },
);
