import type { VbrClient } from '../../src/veeam/index.ts';

const SECOND_IN_MS = 1_000;
/** A time stays taken for longer than a request may be on its way and its effect may show late. */
const TAKEN_FOR_MS = 120_000;
/** What a server may make of milliseconds that it keeps: SQL Server counts in steps of 3.3 ms. */
const COARSENESS_MS = 5;
/** Below half a second, so that a server that rounds to seconds does the same as one that cuts. */
const MAX_FRACTION_MS = 498;

/** The seconds that tokens of this worker were asked for lately, and when. */
const taken = new WeakMap<VbrClient, Map<number, number>>();

/**
 * When a new token shall expire: at a second at which no other does, by which it is recognized after an unclear answer.
 * That is at `earliest` (milliseconds since 1970), or as many seconds later as tokens are being issued at once. The
 * milliseconds are drawn, so that where the server keeps them the token of another worker is told apart as well.
 */
export function uniqueExpiry(
  client: VbrClient,
  { earliest, known, now }: { earliest: number; known: readonly string[]; now: number },
): string {
  const own = taken.get(client) ?? new Map<number, number>();
  taken.set(client, own);
  for (const [second, since] of own) if (since + TAKEN_FOR_MS < now) own.delete(second);
  const others = new Set(known.map(secondOf));
  let second = Math.ceil(earliest / SECOND_IN_MS);
  while (own.has(second) || others.has(second)) second += 1;
  own.set(second, now);
  return new Date(second * SECOND_IN_MS + 1 + Math.floor(Math.random() * MAX_FRACTION_MS)).toISOString();
}

/** The first whole second at or after a time in milliseconds: every server shows it as it was asked. */
export function wholeSecond(earliest: number): string {
  return new Date(Math.ceil(earliest / SECOND_IN_MS) * SECOND_IN_MS).toISOString();
}

/** Whether the time that the server shows is the one that it was asked for; some servers keep whole seconds only. */
export function isSameTime(shown: string, asked: string): boolean {
  const at = Date.parse(shown);
  if (at % SECOND_IN_MS === 0) return secondOf(shown) === secondOf(asked);
  return Math.abs(at - Date.parse(asked)) <= COARSENESS_MS;
}

function secondOf(time: string): number {
  return Math.floor(Date.parse(time) / SECOND_IN_MS);
}
