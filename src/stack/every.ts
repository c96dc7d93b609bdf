import type { Logger } from '../observe/logger.ts';

/** Something that is done again and again. */
export interface Chore {
  /** Between its end and the next time. */
  readonly everyMs: number;
  readonly work: () => Promise<void>;
}

/** Waits, or until the signal. */
export type PauseFor = (ms: number, signal: AbortSignal) => Promise<void>;

/** Does a chore until the signal. What fails is tried again the next time, and logged when it is not what failed before. */
export async function every(
  { everyMs, work }: Chore,
  {
    signal,
    logger,
    pause = pauseFor,
  }: { readonly signal: AbortSignal; readonly logger: Pick<Logger, 'warn'>; readonly pause?: PauseFor },
): Promise<void> {
  let lastSaid: string | undefined;
  while (!signal.aborted) {
    try {
      await work();
      lastSaid = undefined;
    } catch (error) {
      const says = saidBy(error);
      if (says !== lastSaid) logger.warn({ err: error }, 'the keeper has to try again');
      lastSaid = says;
    }
    await pause(everyMs, signal);
  }
}

function saidBy(error: unknown): string {
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...parts].map(String).join('\n');
}

function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
