import { expect, test } from 'vitest';
import { isSameTime, uniqueExpiry, wholeSecond } from '../../activities/vbr/expiry.ts';
import type { VbrClient } from '../../src/veeam/index.ts';

const EARLIEST = Date.parse('2026-03-01T05:00:00.200Z');

/** Times for one server, none of which was asked for yet. */
function expiries(): (known?: readonly string[], now?: number) => string {
  const client = {} as VbrClient;
  return (known = [], now = 0) => uniqueExpiry(client, { earliest: EARLIEST, known, now });
}

function seconds(...times: string[]): string[] {
  return times.map((time) => time.slice(17, 19));
}

test('tokens issued at once expire at different seconds, none too early', () => {
  const next = expiries();
  expect(seconds(next(), next(), next())).toEqual(['01', '02', '03']);
});

test('a second at which a token expires already is passed over', () => {
  const next = expiries();
  expect(seconds(next(['2026-03-01T05:00:01Z', '2026-03-01T05:00:02.500Z']))).toEqual(['03']);
});

test('a second is free again after a while, and taken on one server only', () => {
  const next = expiries();
  const other = expiries();
  expect(seconds(next(), other(), next([], 3_600_000))).toEqual(['01', '01', '01']);
});

test.each([
  ['as it was asked for', '2026-03-01T05:00:01.237Z', true],
  ['cut to whole seconds', '2026-03-01T05:00:01Z', true],
  ['with more digits', '2026-03-01T05:00:01.2370000+00:00', true],
  ['in steps of 3.3 milliseconds', '2026-03-01T05:00:01.240Z', true],
  ['at another time of the same second', '2026-03-01T05:00:01.300Z', false],
  ['at another second', '2026-03-01T05:00:02Z', false],
])('an expiry that is shown %s is the same: %s %s', (_how, shown, same) => {
  expect(isSameTime(shown, '2026-03-01T05:00:01.237Z')).toBe(same);
});

test('a whole second is not before the time', () => {
  expect([wholeSecond(EARLIEST), wholeSecond(1_000)]).toEqual([
    '2026-03-01T05:00:01.000Z',
    '1970-01-01T00:00:01.000Z',
  ]);
});
