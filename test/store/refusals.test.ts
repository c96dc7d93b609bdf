import { expect, it } from 'vitest';
import type { RefusedVote } from '../../src/model/vote.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { storesOver } from './support.ts';

const REFUSED: RefusedVote = { id: 'vote-1', at: 100, refusal: 'badSignature' };

async function newRefusals() {
  const { refusals } = await storesOver(await databaseUrlForTest());
  return refusals;
}

it('are read back, the newest first, those of one run only', async () => {
  const refusals = await newRefusals();
  const full = { ...REFUSED, gate: 'go', claimedPerson: 'boris', detail: 'alg none' };
  await refusals.add('run', 0, [REFUSED, full]);
  await refusals.add('another', 0, [REFUSED]);
  expect(await refusals.of('run', 10)).toEqual([full, REFUSED]);
  expect(await refusals.count('run')).toBe(2);
});

it('are counted beyond what is shown', async () => {
  const refusals = await newRefusals();
  const many = Array.from({ length: 40 }, (_, index) => ({ ...REFUSED, id: `v${index}` }));
  await refusals.add('run', 0, many);
  expect([await refusals.count('run'), (await refusals.of('run', 3)).length]).toEqual([40, 3]);
});

it('are written once, however often that is tried', async () => {
  const refusals = await newRefusals();
  await refusals.add('run', 0, [REFUSED, REFUSED]);
  await refusals.add('run', 0, [REFUSED, REFUSED]);
  await refusals.add('run', 2, [REFUSED]);
  expect(await refusals.count('run')).toBe(3);
});

it('are kept whatever a stranger wrote', async () => {
  const refusals = await newRefusals();
  const hostile = "'; DROP TABLE refusals; --\u0000\ud800\u2028";
  const own = { id: hostile, gate: hostile, claimedPerson: hostile, detail: hostile };
  await refusals.add('run', 0, [{ ...REFUSED, ...own }]);
  const shown = "'; DROP TABLE refusals; --\ufffd\ufffd\u2028";
  expect(await refusals.of('run', 10)).toEqual([
    { ...REFUSED, id: shown, gate: shown, claimedPerson: shown, detail: shown },
  ]);
});
