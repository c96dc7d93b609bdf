import { describe, expect, it } from 'vitest';
import { readTrialArguments } from '../../tools/trials-arguments.ts';

describe('the command line of trials', () => {
  it.each([[[]], [['--help']], [['fuzz', '--help']]])('lists them for %j', (argv) => {
    expect(readTrialArguments(argv)).toBe('list');
  });

  it('runs one of them for an hour', () => {
    expect(readTrialArguments(['fuzz'])).toEqual({
      trial: 'fuzz',
      minutes: 60,
      seed: undefined,
      resume: false,
      folder: '.muster/trials',
    });
  });

  it.each([
    [['fuzz', 'more'], /One trial/],
    [['fuzz', '--minutes', 'long'], /--minutes/],
    [['fuzz', '--minutes', '-1'], /minutes/],
    [['fuzz', '--seed', '1.5'], /--seed/],
    [['fuzz', '--seed', '1', '--resume'], /leave out/],
    [['fuzz', '--sed', '1'], /--sed/],
  ])('refuses %j', (argv, expected) => {
    expect(() => readTrialArguments(argv)).toThrow(expected);
  });
});
