import type { Scope } from './scope.ts';

/** A number of places for work at the same time; first come, first served. */
export interface Slots {
  /** Waits for a place within the scope; returns what frees it. */
  take(scope: Scope): Promise<() => void>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();

  function giveBack(): void {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else {
      waiting.delete(next);
      next();
    }
  }

  async function take(scope: Scope): Promise<() => void> {
    scope.check();
    if (free > 0) {
      free -= 1;
      return giveBack;
    }
    let call: () => void = () => undefined;
    const called = new Promise<void>((resolve) => (call = resolve));
    waiting.add(call);
    try {
      await scope.race(called);
    } catch (error) {
      // Called in the same moment: the place goes to the next one.
      if (!waiting.delete(call)) giveBack();
      throw error;
    }
    return giveBack;
  }

  return { take };
}
