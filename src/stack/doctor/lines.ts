import type { DoctorCheck, DoctorLevel, DoctorLine } from '../../cli/doctor-report.ts';
import { ConfigError } from '../../config/index.ts';
import { VeeamError } from '../../veeam/index.ts';

/** The worst of them; `ok` when there are none. */
export function worst(levels: readonly DoctorLevel[]): DoctorLevel {
  if (levels.includes('bad')) return 'bad';
  return levels.includes('warn') ? 'warn' : 'ok';
}

/** A bad line about a failed call. Anything else than what a server or the configuration can do wrong is thrown on. */
export function failed(check: DoctorCheck, error: unknown, { now }: { now?: string } = {}): DoctorLine {
  if (error instanceof VeeamError) {
    return { check, level: 'bad', says: `${error.call}: ${error.says}`, now: now ?? error.now };
  }
  if (error instanceof ConfigError) {
    return { check, level: 'bad', says: error.message, ...(now === undefined ? {} : { now }) };
  }
  throw error;
}

/** A number of things: `1 plan`, `12 plans`. */
export function count(number: number, thing: string): string {
  return number === 1 ? `1 ${thing}` : `${number} ${thing}s`;
}

/** What every list may hide. */
export const FEWER_SILENTLY = 'an account with too few rights sees fewer, silently';

/** How long a call took, in whole milliseconds, with its answer. */
export async function timed<T>(call: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const start = performance.now();
  const value = await call();
  return { value, ms: Math.round(performance.now() - start) };
}
