import { VeeamError } from './errors.ts';
import type { CallSite } from './errors.ts';
import type { Scope } from './scope.ts';

/** The time in which a server does not want to hear from this client at all. */
export interface ThrottleWindow {
  /** Shuts the window for this long; one that is shut for longer stays so. */
  shut(ms: number): void;
  /** Throws veeam.throttled (effect none) while the window is shut. */
  check(site: CallSite): void;
  /**
   * Returns when the window is open. Throws veeam.throttled at once, with the time that is left of it,
   * when that is longer than the call has.
   */
  pass(site: CallSite, scope: Scope): Promise<void>;
}

/** Those who waited do not all come back in the same moment, but spread over a tenth of the wait. */
const SPREAD_SHARE = 0.1;
const MIN_SPREAD_MS = 20;
const MAX_SPREAD_MS = 2_000;

/** `now` is a monotonic clock in milliseconds. */
export function createThrottleWindow(now: () => number = () => performance.now()): ThrottleWindow {
  let opensAt = 0;
  const leftMs = () => Math.max(0, opensAt - now());

  const throttled = (site: CallSite, waitMs: number) =>
    new VeeamError('veeam.throttled', site, {
      retryAfterMs: Math.ceil(waitMs),
      detail: `an earlier answer asked to wait ${Math.ceil(waitMs / 1_000)} s more, so nothing was sent`,
    });

  return {
    shut: (ms) => {
      opensAt = Math.max(opensAt, now() + ms);
    },
    check: (site) => {
      if (leftMs() > 0) throw throttled(site, leftMs());
    },
    pass: async (site, scope) => {
      for (let waitMs = leftMs(); waitMs > 0; waitMs = leftMs()) {
        const spareMs = scope.remainingMs() - waitMs;
        if (spareMs <= 0) throw throttled(site, waitMs);
        const spreadMs = Math.min(Math.max(waitMs * SPREAD_SHARE, MIN_SPREAD_MS), MAX_SPREAD_MS, spareMs);
        await scope.sleep(waitMs + Math.random() * spreadMs);
      }
    },
  };
}
