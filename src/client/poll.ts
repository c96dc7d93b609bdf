/** How waiting is done; tests put a virtual clock here. */
export interface Waiting {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** A worker answers within this, usually; a person should not feel the pause. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;
const GROWTH = 1.6;

/**
 * Asks until there is an answer: quickly at first, then four times a second.
 *
 * @returns undefined when `limitMs` have passed without one
 */
export async function pollUntil<T>(
  ask: () => Promise<T | undefined>,
  { limitMs, now, sleep }: Waiting & { readonly limitMs: number },
): Promise<T | undefined> {
  const end = now() + limitMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * GROWTH, LONGEST_PAUSE_MS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (now() + pause > end) return undefined;
    await sleep(pause);
  }
}
