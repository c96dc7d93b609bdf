import { expect, it } from 'vitest';
import type { KeptGate } from '../../src/store/index.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { rowsAt, storesOver } from './support.ts';

const UNLIMITED: KeptGate = {
  nonce: 'first',
  run: 'execution',
  runId: 'erp-1',
  path: 'go',
  kind: 'approval',
  title: 'Fail ERP over now?',
  digest: 'digest',
  asked: { rules: [{ role: 'dr-manager', count: 1 }], odd: 'a\u0000b\u2028' },
  openedAt: 100,
};
const GATE: KeptGate = { ...UNLIMITED, dueAt: 900 };

async function newGates() {
  const url = await databaseUrlForTest();
  const { gates } = await storesOver(url);
  const open = async (): Promise<string[]> => (await gates.listOpen()).map(({ nonce }) => nonce);
  return { url, gates, open };
}

it('are listed as they were opened, with and without a time limit', async () => {
  const { gates } = await newGates();
  const unlimited: KeptGate = { ...UNLIMITED, nonce: 'other', path: 'manual', openedAt: 200 };
  await gates.open(GATE);
  await gates.open(unlimited);
  expect(await gates.listOpen()).toEqual([GATE, unlimited]);
});

it('have titles that PostgreSQL can keep, whatever a server has put into them', async () => {
  const { gates } = await newGates();
  await gates.open({ ...GATE, title: 'Go on with \u0000?' });
  expect((await gates.listOpen()).map(({ title }) => title)).toEqual(['Go on with \uFFFD?']);
});

it('may be noted again, also when they are closed already', async () => {
  const { gates, open } = await newGates();
  await gates.open(GATE);
  await gates.open(GATE);
  const before = await open();
  await gates.close('first', 'boris');
  await gates.open(GATE);
  expect([before, await open()]).toEqual([['first'], []]);
});

it('that open anew close their earlier opening', async () => {
  const { gates, open, url } = await newGates();
  await gates.open(GATE);
  await gates.open({ ...GATE, nonce: 'second', openedAt: 300 });
  expect(await open()).toEqual(['second']);
  expect(await rowsAt(url, 'SELECT nonce, closed_by FROM gates WHERE closed_at IS NOT NULL')).toEqual([
    { nonce: 'first', closed_by: 'reopened' },
  ]);
});

it('that are noted late do not take the place of a later opening', async () => {
  const { gates, open } = await newGates();
  const second = { ...GATE, nonce: 'second', openedAt: 300 };
  await gates.open(second);
  await gates.open(GATE);
  const late = await open();
  await gates.open(GATE);
  await gates.open(second);
  expect([late, await open()]).toEqual([['second'], ['second']]);
});

it('of one step are open once, however many note openings of it at the same time', async () => {
  const { gates, open } = await newGates();
  const openings = Array.from({ length: 12 }, (_, index) => ({
    ...GATE,
    nonce: `n${index}`,
    openedAt: index,
  }));
  await Promise.all(openings.map((gate) => gates.open(gate)));
  expect(await open()).toEqual(['n11']);
});

it('of other steps and runs stay open', async () => {
  const { gates, open } = await newGates();
  await gates.open(GATE);
  await gates.open({ ...GATE, nonce: 'step', path: 'failover' });
  await gates.open({ ...GATE, nonce: 'run', run: 'another' });
  expect(await open()).toEqual(['first', 'run', 'step']);
});

it('are closed once: who came first stays', async () => {
  const { gates, url } = await newGates();
  await gates.open(GATE);
  await gates.close('first', 'boris');
  await gates.close('first', 'clara');
  await gates.closeAll('execution');
  expect(await rowsAt(url, 'SELECT closed_by FROM gates')).toEqual([{ closed_by: 'boris' }]);
});

it('of a run that is over are closed together', async () => {
  const { gates, open } = await newGates();
  await gates.open(GATE);
  await gates.open({ ...GATE, nonce: 'step', path: 'failover' });
  await gates.open({ ...GATE, nonce: 'run', run: 'another' });
  await gates.closeAll('execution');
  expect(await open()).toEqual(['run']);
});
