/** Where the simulated servers read their time: milliseconds since 1970. */
export interface Clock {
  now(): number;
}

/** A clock that only moves when told to, for tests. */
export interface VirtualClock extends Clock {
  advance(milliseconds: number): void;
}

/** The time of this machine. Token lifetimes use it, because clients count them in real seconds. */
export const wallClock: Clock = { now: () => Date.now() };

/**
 * A clock that starts at the real time and then runs `timeScale` simulated milliseconds per real one. It never runs
 * backwards, so nothing can finish before it started.
 */
export function scaledClock({ timeScale = 1 }: { timeScale?: number } = {}): Clock {
  const origin = Date.now();
  const started = performance.now();
  return { now: () => Math.floor(origin + (performance.now() - started) * timeScale) };
}

/** A clock that stands still at `start` until it is advanced. */
export function virtualClock({ start = '2026-01-15T06:00:00Z' }: { start?: string } = {}): VirtualClock {
  let now = Date.parse(start);
  return {
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}
