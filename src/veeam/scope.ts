import { VeeamError } from './errors.ts';
import type { CallSite } from './errors.ts';

/** The life of one call: it ends with the work, at its deadline, or when the caller aborts. */
export interface Scope {
  /** Aborted at the deadline and when the caller aborts. Passed to everything that can be interrupted. */
  readonly signal: AbortSignal;
  remainingMs(): number;
  /** Why the scope ended early, if it did. The caller's abort wins over a deadline. */
  interruption(): 'veeam.cancelled' | 'veeam.timeout' | undefined;
  /** Throws veeam.cancelled or veeam.timeout with effect `none` if the scope has ended. */
  check(): void;
  /** The value of `work`, or the interruption, whichever comes first. `work` itself goes on. */
  race<T>(work: Promise<T>): Promise<T>;
  sleep(ms: number): Promise<void>;
}

/**
 * Runs `work` within a total time limit and the caller's signal.
 * Not built from AbortSignal.any: on Node 20 that keeps memory for as long as the caller's signal lives,
 * and a watch keeps one signal for hours.
 */
export async function withScope<T>(
  { site, totalMs, signal: caller }: { site: CallSite; totalMs: number; signal?: AbortSignal | undefined },
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  const endsAt = performance.now() + totalMs;
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, totalMs);
  caller?.addEventListener('abort', abort, { once: true });
  if (caller?.aborted === true) abort();

  const interruption = () => {
    if (caller?.aborted === true) return 'veeam.cancelled';
    // The clock decides, not the timer: a blocked event loop fires timers late.
    return controller.signal.aborted || performance.now() >= endsAt ? 'veeam.timeout' : undefined;
  };
  const check = () => {
    const code = interruption();
    if (code !== undefined) throw new VeeamError(code, site);
  };
  const race = async <R>(promise: Promise<R>): Promise<R> => {
    promise.catch(() => undefined);
    check();
    let onAbort: () => void = abort;
    const ended = new Promise<never>((_, reject) => {
      onAbort = () => reject(new VeeamError(interruption() ?? 'veeam.timeout', site));
    });
    controller.signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([promise, ended]);
    } finally {
      controller.signal.removeEventListener('abort', onAbort);
    }
  };
  const sleep = async (ms: number) => {
    let pause: NodeJS.Timeout | undefined;
    try {
      await race(
        new Promise<void>((resolve) => {
          pause = setTimeout(resolve, ms);
        }),
      );
    } finally {
      clearTimeout(pause);
    }
  };

  try {
    return await work({
      signal: controller.signal,
      remainingMs: () => Math.max(0, endsAt - performance.now()),
      interruption,
      check,
      race,
      sleep,
    });
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener('abort', abort);
  }
}
