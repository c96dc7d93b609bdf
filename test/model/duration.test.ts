import { describe, expect, test } from 'vitest';
import { formatDuration, MAX_DURATION_MS, parseDuration } from '../../src/model/duration.ts';

describe('a duration', () => {
  test.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1h30m', 5_400_000],
    ['PT1H30M', 5_400_000],
    ['P1DT2S', 86_402_000],
    ['366d', MAX_DURATION_MS],
  ])('is read from %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    '',
    '5',
    '0s',
    '-1s',
    '1.5h',
    '30m1h',
    '1 h',
    '1H',
    'P',
    'PT',
    'P1DT',
    '367d',
    '1w',
    '1s\n',
    '9999999s',
  ])('is not %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test.each([
    [-5, '0 ms'],
    [850, '850 ms'],
    [4_200, '4.2 s'],
    [60_000, '1 m'],
    [725_000, '12 m 5 s'],
    [11_400_000, '3 h 10 m'],
    [86_400_000, '1 d'],
    [90_061_000, '1 d 1 h'],
  ])('of %i ms is written as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
