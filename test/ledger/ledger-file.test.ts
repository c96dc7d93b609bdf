import { describe, expect, it } from 'vitest';
import { ledgerLines, parseLedgerFile } from '../../src/ledger/index.ts';
import { refusalOf, TestLedger, ORIGIN } from './support.ts';

const ledger = new TestLedger(3);
const COPY = {
  origin: ORIGIN,
  key: 'key',
  checkpoints: [ledger.checkpoint(1), ledger.checkpoint()],
  entries: [0, 1, 2].map((position) => ({ position, text: `entry ${position}` })),
};
const WRITTEN = [...ledgerLines(COPY)].join('');
const lines = WRITTEN.split('\n');

describe('the file of a ledger', () => {
  it('is read as it was written', () => {
    expect(parseLedgerFile(Buffer.from(WRITTEN))).toEqual(COPY);
  });

  it.each([
    ['is empty', '', 'line 1'],
    ['has a line too few', `${lines.slice(0, -2).join('\n')}\n`, 'line 5'],
    ['is cut off', WRITTEN.slice(0, -4), 'line 6'],
    ['has another form', WRITTEN.replace('"v":1', '"v":2'), 'line 1'],
    ['has something else in it', WRITTEN.replace('"position":1,', ''), 'line 5'],
  ])('is refused when it %s', (_, text, place) => {
    expect(refusalOf(() => parseLedgerFile(Buffer.from(text)))).toEqual({ code: 'ledger.badCopy', place });
  });
});
