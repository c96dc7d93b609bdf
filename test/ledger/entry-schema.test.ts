import { describe, expect, it } from 'vitest';
import { parseEntry } from '../../src/ledger/index.ts';
import { canonicalJson } from '../../src/model/json.ts';
import { evidenceBundle } from './evidence-run.ts';
import { refusalOf } from './support.ts';

const { ledger } = await evidenceBundle();
const entry = { v: 1, kind: 'freeze.lifted', key: 'freeze/1/lifted', at: 1, id: '1', actor: 'anna' };

describe('an entry', () => {
  it('is read from its own text, of every kind that a run has', () => {
    const again = ledger.map(({ text, position }) => canonicalJson(parseEntry(text, position)));
    expect(again).toEqual(ledger.map(({ text }) => text));
  });

  it.each([
    ['of an unknown kind', canonicalJson({ ...entry, kind: 'other' })],
    ['of another version', canonicalJson({ ...entry, v: 2 })],
    ['with a field more', canonicalJson({ ...entry, more: 1 })],
    ['without a field', canonicalJson({ ...entry, actor: undefined })],
    ['in another order', JSON.stringify(entry)],
    ['with white space', `${canonicalJson(entry)} `],
    ['that is no JSON', '{'],
    ['that nests deeply', '['.repeat(30_000)],
    ['that is too long', canonicalJson({ ...entry, id: 'x'.repeat(70_000) })],
  ])('is refused with its position: one %s', (_, text) => {
    expect(refusalOf(() => parseEntry(text, 7))).toEqual({ code: 'ledger.badEntry', place: 'entry 7' });
  });
});
