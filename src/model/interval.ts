import type { Interval } from './run.ts';

/** How much of `bounds` intervals cover together, in milliseconds. */
export function lengthWithin(intervals: readonly Interval[], bounds: Interval): number {
  let covered = 0;
  let end = bounds.from;
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    const begin = Math.max(from, end);
    const stop = Math.min(to, bounds.to);
    if (stop <= begin) continue;
    covered += stop - begin;
    end = stop;
  }
  return covered;
}
