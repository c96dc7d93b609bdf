import { setTimeout as pause } from 'node:timers/promises';
import type { VroConnection } from '../deps.ts';
import { viewPlan, type PlanView } from './plan-view.ts';

/** One look at a plan: how it stands, or why that could not be seen. */
export type Look = { readonly view: PlanView } | { readonly error: unknown };

/** Looks at plans for all who watch them: one poller for each plan, however many runs of this worker watch it. */
export interface PlanPoller {
  /**
   * Waits for the next look at a plan that begins after this call. Whoever comes back at once is served by the same
   * poller, at the pace of the connection.
   *
   * @throws AbortError when the signal says so
   */
  next(connection: VroConnection, planId: string, signal: AbortSignal): Promise<Look>;
}

/** A poller that nobody asked for this many of its pauses is over. */
const IDLE_PAUSES = 2;

export function createPlanPoller(): PlanPoller {
  const polled = new Map<string, (look: (next: Look) => void) => void>();
  return {
    next(connection, planId, signal) {
      const key = `${connection.name}/${planId}`;
      const ask = polled.get(key) ?? begin(connection, planId, () => polled.delete(key));
      polled.set(key, ask);
      return new Promise((resolve, reject) => {
        const abort = (): void => reject(signal.reason as Error);
        if (signal.aborted) {
          abort();
          return;
        }
        signal.addEventListener('abort', abort, { once: true });
        ask((look) => {
          signal.removeEventListener('abort', abort);
          resolve(look);
        });
      });
    },
  };
}

/** Begins to look at a plan, and goes on for as long as somebody asks. */
function begin(
  connection: VroConnection,
  planId: string,
  ended: () => void,
): (look: (next: Look) => void) => void {
  let waiting: ((next: Look) => void)[] = [];
  const poll = async (): Promise<void> => {
    for (let idle = 0; idle < IDLE_PAUSES || waiting.length > 0;) {
      // A look answers only those who asked before it began: nobody is told what was true before.
      const asked = waiting;
      waiting = [];
      idle = asked.length > 0 ? 0 : idle + 1;
      if (asked.length > 0) {
        const look = await lookAt(connection, planId);
        for (const tell of asked) tell(look);
      }
      await pause(connection.pollMs);
    }
    ended();
  };
  // It begins after whoever calls has asked, and what goes wrong with a look is told to those who asked.
  queueMicrotask(() => void poll());
  return (tell) => void waiting.push(tell);
}

async function lookAt(connection: VroConnection, planId: string): Promise<Look> {
  try {
    return { view: await viewPlan(connection, planId) };
  } catch (error) {
    return { error };
  }
}
