import { expect, test } from 'vitest';
import { parseMoment } from '../../src/model/moment.ts';

const AT = Date.UTC(2025, 0, 31, 22);

test.each([
  ['2025-01-31T22:00Z', AT],
  ['2025-01-31T22:00:00Z', AT],
  ['2025-01-31T23:00+01:00', AT],
  ['2025-01-31T22:00:00.5Z', AT + 500],
  ['2025-01-31T22:00:00.1234567Z', AT + 123],
  ['2024-02-29T22:00Z', Date.UTC(2024, 1, 29, 22)],
])('%s is a moment', (text, expected) => {
  expect(parseMoment(text)).toBe(expected);
});

test.each([
  '',
  'now',
  '2025-01-31',
  '2025-01-31 22:00Z',
  '2025-01-31T22:00',
  '2025-02-29T22:00Z',
  '2025-02-31T22:00Z',
  '2025-13-01T22:00Z',
  '2025-01-31T25:00Z',
  '2025-01-31T22:00+25:00',
  '2025-01-31T22:00:00.Z',
])('%j is none', (text) => {
  expect(parseMoment(text)).toBeUndefined();
});
