import { formatDuration } from '../../model/duration.ts';
import type { ObjectiveVerdict } from '../../model/objectives.ts';
import type { Tone } from './report-types.ts';

/** A moment to the second, in UTC: `2025-01-31 03:00:00 UTC`. */
export function momentText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A day, in UTC. */
export function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** A time on a run's own clock, `+00:04:12`; before its start with a minus. */
export function stampText(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${ms < 0 ? '-' : '+'}${parts.map((part) => String(part).padStart(2, '0')).join(':')}`;
}

/** A duration that may not be known. */
export function durationText(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return ms === 0 ? '0 s' : formatDuration(ms);
}

const TONES: Readonly<Record<string, Tone>> = {
  succeeded: 'good',
  met: 'good',
  warned: 'warn',
  cancelled: 'warn',
  skipped: 'plain',
  notMeasured: 'warn',
  failed: 'bad',
  rejected: 'bad',
  terminated: 'bad',
  missed: 'bad',
  high: 'bad',
  overdue: 'bad',
  medium: 'warn',
};

/** How good an outcome, a verdict or a severity is. */
export function toneOf(word: string | undefined): Tone {
  return (word === undefined ? undefined : TONES[word]) ?? 'plain';
}

const VERDICTS: Readonly<Record<ObjectiveVerdict, string>> = {
  met: 'met',
  missed: 'MISSED',
  notMeasured: 'not measured',
  notPromised: 'nothing promised',
};

export function verdictText(verdict: ObjectiveVerdict): string {
  return VERDICTS[verdict];
}

/** `1 gate`, `2 gates`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
