import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { condition, setHandler } from '@temporalio/workflow';
import { textOf } from '../src/model/json.ts';
import type { StepRecord } from '../src/model/run.ts';
import { failureOf } from './failure.ts';
import type { Interruption } from './interruption.ts';
import { wakeSignal } from './messages.ts';

/** Who ends a freeze nudges the runs; one that did not hear it looks by itself after this long. */
const LOOK_AGAIN_MS = 5 * 60_000;

/** Whether something was held back by a freeze, and has done nothing. */
export function isFrozen(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.type === 'run.frozen';
}

/** Holds steps back while something is frozen. Whether it is, only activities know: they look right before they act. */
export class Thaw {
  readonly #interruption: Interruption;
  readonly #now: () => number;
  #wakes = 0;

  constructor(interruption: Interruption, now: () => number) {
    this.#interruption = interruption;
    this.#now = now;
    setHandler(wakeSignal, () => {
      this.#wakes += 1;
    });
  }

  /**
   * Performs something, as often as it finds that it is frozen: each time after a nudge, or when the freeze was to end.
   *
   * @throws Suspended, Stopped; whatever `perform` throws for another reason
   */
  async whenThawed<T>(record: StepRecord, perform: () => Promise<T>): Promise<T> {
    for (;;) {
      const seen = this.#wakes;
      try {
        return await perform();
      } catch (error) {
        if (!isFrozen(error)) throw error;
        const { message, details } = failureOf(error);
        record.frozen = message;
        const until = Number(textOf(details?.['until']));
        const waitMs = Number.isFinite(until) && until > 0 ? until - this.#now() : LOOK_AGAIN_MS;
        try {
          await this.#interruption.interruptible(() =>
            condition(() => this.#wakes > seen, Math.max(1, Math.min(waitMs, LOOK_AGAIN_MS))),
          );
        } finally {
          delete record.frozen;
        }
      }
    }
  }
}
