const UNIT_IN_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNIT_IN_MS;

/** `90s`, `15m`, `2h`, `1d`, also in a row from large to small: `1h30m`. */
const SHORT = /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;
/** ISO 8601 with days, hours, minutes and seconds: `PT1H30M`, `P1D`. */
const ISO = /^P(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;

/** A year: whatever is longer is a typing error, and timers beyond it lose their meaning. */
export const MAX_DURATION_MS = 366 * UNIT_IN_MS.d;

/**
 * Reads the one duration grammar of muster (`90s`, `15m`, `2h`, `1d`, `1h30m`, `PT1H30M`) into milliseconds.
 * Answers undefined when `text` is no duration, is zero, or is longer than a year.
 */
export function parseDuration(text: string): number | undefined {
  const match = text === '' ? null : (SHORT.exec(text) ?? ISO.exec(text));
  if (match === null) return undefined;
  const [, days, hours, minutes, seconds] = match;
  const part = (digits: string | undefined, unit: Unit): number => Number(digits ?? 0) * UNIT_IN_MS[unit];
  const total = part(days, 'd') + part(hours, 'h') + part(minutes, 'm') + part(seconds, 's');
  return total > 0 && total <= MAX_DURATION_MS ? total : undefined;
}

/** A duration as people read it, two units at most: `850 ms`, `4.2 s`, `12 m 5 s`, `3 h 10 m`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < UNIT_IN_MS.m) return `${(ms / 1_000).toFixed(1)} s`;
  const units: [Unit, number][] = [
    ['d', Math.floor(ms / UNIT_IN_MS.d)],
    ['h', Math.floor(ms / UNIT_IN_MS.h) % 24],
    ['m', Math.floor(ms / UNIT_IN_MS.m) % 60],
    ['s', Math.floor(ms / UNIT_IN_MS.s) % 60],
  ];
  const first = units.findIndex(([, count]) => count > 0);
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count} ${unit}`)
    .join(' ');
}
