import type { Clock } from '../src/simulator/clock.ts';

/** How far the simulated time moves at every look: enough that no two events fall into the same second. */
const STEP_MS = 1_000;

/** A clock of the simulator that moves when it is read: how often a plan is polled does not depend on the machine. */
export interface CountingClock extends Clock {
  /** When it was read last, as `performance.now()` counts. */
  readonly lastReadAt: number;
}

/** Every request to the simulator reads it a few times, so a plan that takes long is polled often. */
export function countingClock(): CountingClock {
  let now = Date.now();
  let lastReadAt = performance.now();
  return {
    now() {
      lastReadAt = performance.now();
      return (now += STEP_MS);
    },
    get lastReadAt() {
      return lastReadAt;
    },
  };
}
