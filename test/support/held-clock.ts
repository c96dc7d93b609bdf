import type { Clock } from '../../src/simulator/index.ts';

/** Simulated time that can be stopped: whatever runs then stays where it is. */
export interface HeldClock extends Clock {
  hold(): void;
  release(): void;
}

/** A clock that runs `timeScale` times as fast as the real one (default 600: an hour takes six seconds). */
export function heldClock({ timeScale = 600 }: { timeScale?: number } = {}): HeldClock {
  let base = Date.now();
  let since: number | undefined = performance.now();
  const now = (): number =>
    Math.floor(base + (since === undefined ? 0 : (performance.now() - since) * timeScale));
  return {
    now,
    hold() {
      base = now();
      since = undefined;
    },
    release() {
      since ??= performance.now();
    },
  };
}
