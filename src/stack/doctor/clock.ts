import type { DoctorLine } from '../../cli/doctor-report.ts';
import { formatDuration } from '../../model/duration.ts';

/** The server's clock less ours, in milliseconds. */
export interface Skew {
  readonly skewMs: number;
  /** By how much that may be wrong. */
  readonly uncertaintyMs: number;
}

/** From here on the times in evidence and in the server's logs are hard to compare. */
const WARN_MS = 5_000;
/** From here on passcodes fail, and muster may take an old execution for its own. */
const BAD_MS = 60_000;

const NOW = 'Synchronise the clocks of this machine and of the server with one time source (NTP).';

/** What is certain of the difference counts: it is less than what was seen. */
export function clockLine(skew: Skew | undefined): DoctorLine {
  if (skew === undefined) return { check: 'clock', level: 'ok', says: 'the server does not tell its time' };
  const { skewMs, uncertaintyMs } = skew;
  const certainMs = Math.max(0, Math.abs(skewMs) - uncertaintyMs);
  if (certainMs <= WARN_MS) {
    return {
      check: 'clock',
      level: 'ok',
      says: `as ours, give or take ${formatDuration(Math.abs(skewMs) + uncertaintyMs)}`,
    };
  }
  const says = `${formatDuration(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} ours`;
  return { check: 'clock', level: certainMs > BAD_MS ? 'bad' : 'warn', says, now: NOW };
}

/** A time that a server told, set against ours. */
export function skewOf(
  told: string,
  { askedAt, answeredAt }: { askedAt: number; answeredAt: number },
): Skew | undefined {
  const at = Date.parse(told);
  if (Number.isNaN(at)) return undefined;
  return {
    skewMs: Math.round(at - (askedAt + answeredAt) / 2),
    // It may have been cut to whole seconds.
    uncertaintyMs: Math.round((answeredAt - askedAt) / 2 + 1_000),
  };
}
