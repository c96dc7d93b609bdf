/**
 * Reads a Retry-After header: milliseconds to wait, never above `capMs`; 0 for a date that has passed.
 * Undefined when it is missing or means nothing (a negative number, words). A date is measured against the server's own clock
 * (its Date header) where it tells it, since clocks of two sites differ.
 */
export function retryAfterMs(
  { retryAfter, date }: { retryAfter: string | undefined; date: string | undefined },
  capMs: number,
): number | undefined {
  const value = retryAfter?.trim() ?? '';
  const waitMs = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : untilDate(value, date);
  return waitMs === undefined ? undefined : Math.min(Math.max(0, Math.ceil(waitMs)), capMs);
}

function untilDate(value: string, serverDate: string | undefined): number | undefined {
  // Only dates that name a month: Date.parse also takes many things that no server means as a date.
  const at = /[A-Za-z]{3}/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) return undefined;
  const serverNow = Date.parse(serverDate ?? '');
  return at - (Number.isNaN(serverNow) ? Date.now() : serverNow);
}
