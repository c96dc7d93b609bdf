/** A date, a time, and whose clock is meant: 3 a.m. is not the same everywhere. Seconds, and parts of them, may be left out. */
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads a moment such as `2025-01-31T22:00Z` or `2025-01-31T22:00:00.1234567+01:00` into milliseconds since 1970. Answers
 * undefined when `text` is none; a day that its month has not is none, though JavaScript would count on into the next.
 */
export function parseMoment(text: string): number | undefined {
  const [, year, month, day] = MOMENT.exec(text) ?? [];
  const at = Date.parse(text);
  if (day === undefined || !Number.isFinite(at)) return undefined;
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
    ? at
    : undefined;
}
