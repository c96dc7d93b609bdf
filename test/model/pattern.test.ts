import { describe, expect, test } from 'vitest';
import { anchored, matches, MAX_MATCHED_LENGTH, patternProblem } from '../../src/model/pattern.ts';

/** What the slowest takes on an idle machine is under 100 ms. */
const SOON_MS = 5_000;

describe('a pattern', () => {
  test.each([
    ['^CHG\\d+$', 'CHG12', true],
    ['CHG\\d+', 'xCHG12', false],
    ['CHG\\d+', 'CHG12\n', false],
    ['a|b', 'b', true],
    ['a|b', 'bb', false],
    ['[a-z0-9-]{2,63}', 'srv-1', true],
    ['\\p{L}+', 'Zürich', true],
    ['cost: \\$', 'cost: $', true],
  ])('%s is of the whole text: %j', (pattern, text, expected) => {
    expect(patternProblem(pattern)).toBeUndefined();
    expect(matches(anchored(pattern), text)).toBe(expected);
  });

  test.each([
    ['repeats a repetition', '(a+)+'],
    ['repeats alternatives that overlap', '(a|aa)*'],
    ['repeats a group without end', '(?:[a-z]+-)*'],
    ['repeats a group often', '(?:a+){2,9}'],
    ['has too many repetitions', 'a*a*a*a*a*'],
    ['looks ahead', '(?=a)b'],
    ['looks back', '(?<!a)b'],
    ['refers back', '(a)\\1'],
    ['refers back by name', '(?<x>a)\\k<x>'],
    ['is not closed', '('],
    ['is closed twice', 'a)|(b'],
    ['has a range from back to front', '[z-a]'],
    ['is too long', 'a'.repeat(501)],
  ])('is refused when it %s', (_, pattern) => {
    expect(patternProblem(pattern)?.message).toMatch(/^(?:The|A) /);
  });

  test.each(['.*.*.*b', '\\d+\\d+\\d+', '[^b]*a*.+b', 'a{1,256}a{1,256}a{1,256}b', '(?:aa?){100}b'])(
    'that is taken is fast on the text that is hardest for it: %s',
    (pattern) => {
      const began = performance.now();
      if (patternProblem(pattern) === undefined) {
        for (const letter of 'a1') matches(anchored(pattern), letter.repeat(MAX_MATCHED_LENGTH));
      }
      expect(performance.now() - began).toBeLessThan(SOON_MS);
    },
  );

  test('matches no text that is too long to be sure of the time', () => {
    expect(matches(anchored('a*'), 'a'.repeat(MAX_MATCHED_LENGTH + 1))).toBe(false);
  });
});
