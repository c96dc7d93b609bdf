import { describe, expect, test } from 'vitest';
import { nextWindow } from '../../activities/window.ts';
import type { Window } from '../../src/model/runbook.ts';

const NIGHT: Window = {
  from: '22:00',
  to: '04:00',
  timezone: 'Europe/Berlin',
  needsMs: 2 * 3_600_000,
  missed: 'wait',
};

/** The window that is next after a time, as ISO 8601: when it opens, and when a step must have begun. */
function next(after: string, changes: Partial<Window> = {}): readonly [string, string] {
  const { opensAt, beginBy } = nextWindow({ ...NIGHT, ...changes }, Date.parse(after));
  return [new Date(opensAt).toISOString(), new Date(beginBy).toISOString()];
}

describe('the next window', () => {
  test('is that of the coming night', () => {
    expect(next('2026-06-10T12:00:00Z')).toEqual(['2026-06-10T20:00:00.000Z', '2026-06-11T00:00:00.000Z']);
  });

  test('is the one that is open, while enough of it is left', () => {
    expect(next('2026-06-10T23:59:00Z')[0]).toBe('2026-06-10T20:00:00.000Z');
    expect(next('2026-06-11T00:00:00Z')[0]).toBe('2026-06-10T20:00:00.000Z');
    expect(next('2026-06-11T00:00:01Z')[0]).toBe('2026-06-11T20:00:00.000Z');
  });

  test('opens on the days that are named, and may close on the day after', () => {
    // 2026-06-10 is a Wednesday.
    expect(next('2026-06-10T12:00:00Z', { days: ['sat', 'sun'] })[0]).toBe('2026-06-13T20:00:00.000Z');
    expect(next('2026-06-14T23:00:00Z', { days: ['sun'] })[0]).toBe('2026-06-14T20:00:00.000Z');
  });

  test('is found by the calendar of its time zone', () => {
    const inAuckland = { from: '08:00', to: '10:00', timezone: 'Pacific/Auckland', needsMs: 0 };
    // Saturday there, still Friday in UTC.
    expect(next('2026-06-12T19:00:00Z', { ...inAuckland, days: ['sat'] })[0]).toBe(
      '2026-06-12T20:00:00.000Z',
    );
  });
});

describe('the night in which the clocks go forward', () => {
  const AFTER = '2026-03-28T12:00:00Z';

  test('is an hour shorter', () => {
    expect(next(AFTER)).toEqual(['2026-03-28T21:00:00.000Z', '2026-03-29T00:00:00.000Z']);
  });

  test('is left out when what is needed fits other nights only', () => {
    expect(next(AFTER, { needsMs: 5.5 * 3_600_000 })[0]).toBe('2026-03-29T20:00:00.000Z');
  });

  test('has a time that is skipped as much later', () => {
    expect(next(AFTER, { from: '02:30', to: '05:00', needsMs: 0 })).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-29T03:00:00.000Z',
    ]);
  });
});

describe('the night in which the clocks go back', () => {
  const AFTER = '2026-10-24T12:00:00Z';

  test('is an hour longer', () => {
    expect(next(AFTER)).toEqual(['2026-10-24T20:00:00.000Z', '2026-10-25T01:00:00.000Z']);
  });

  test('has a time that comes twice the first time', () => {
    expect(next(AFTER, { from: '02:15', to: '02:45', needsMs: 0 })).toEqual([
      '2026-10-25T00:15:00.000Z',
      '2026-10-25T00:45:00.000Z',
    ]);
  });
});

test('what never fits is no window', () => {
  expect(() => next('2026-06-10T12:00:00Z', { needsMs: 7 * 3_600_000 })).toThrow(/ever long enough/);
});
