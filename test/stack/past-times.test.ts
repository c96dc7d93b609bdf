import { expect, test } from 'vitest';
import type { StepRecord } from '../../src/model/run.ts';
import { pastRunOf, PastTimes, type PastRun } from '../../src/stack/dry-run/past-times.ts';
import { done, START, view } from '../cli/sample-run.ts';

/** A run that began at START and took so many seconds. */
function ran(seconds: number, ...steps: StepRecord[]): PastRun {
  return pastRunOf(view(steps, { timeline: { endedAt: START + seconds * 1_000 } }));
}

/** People were waited for between these seconds of the run. */
const waited = (from: number, to: number): Partial<StepRecord> => ({
  waits: [{ from: START + from * 1_000, to: START + to * 1_000 }],
});
const whole = (...runs: PastRun[]) => new PastTimes(runs, 'drill').whole('d');

test('the whole run is the median of what runs took', () => {
  expect(whole(ran(10), ran(90), ran(20))).toMatchObject({ runs: 3, takesMs: 20_000, peopleMs: 0 });
});

test('of two runs it is the middle between them', () => {
  expect(whole(ran(10), ran(20)).takesMs).toBe(15_000);
});

test('waiting for people is told apart, once where two gates were open', () => {
  const run = ran(100, done('go', 10, 40, waited(10, 40)), done('ask', 30, 50, waited(30, 50)));
  expect(whole(run)).toMatchObject({ takesMs: 60_000, peopleMs: 40_000 });
});

test('a step is told with the waiting of what stands in it', () => {
  const run = ran(100, done('checks', 0, 60), done('checks/ask', 10, 50, waited(10, 50)));
  expect(new PastTimes([run], 'drill').ofStep('checks')).toEqual({
    runs: 1,
    takesMs: 20_000,
    peopleMs: 40_000,
  });
});

test('a step whose name begins alike is another one', () => {
  const run = ran(100, done('check', 0, 60), done('checks', 10, 50, waited(10, 50)));
  expect(new PastTimes([run], 'drill').ofStep('check')?.peopleMs).toBe(0);
});

test('only runs in which a step ended well tell how long it takes', () => {
  const runs = [ran(9, done('a', 0, 4)), ran(9, done('a', 0, 9, { outcome: 'skipped' })), ran(9)];
  expect(new PastTimes(runs, 'drill').ofStep('a')).toEqual({ runs: 1, takesMs: 4_000, peopleMs: 0 });
});

test('a step that never ended well has no estimate', () => {
  expect(new PastTimes([ran(9)], 'drill').ofStep('a')).toBeUndefined();
});
