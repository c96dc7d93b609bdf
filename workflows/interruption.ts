import { CancellationScope, isCancellation } from '@temporalio/workflow';

/** Thrown through the interpreter when the run has to continue as new: nothing has ended, everything is recorded. */
export class Suspended extends Error {
  override readonly name = 'Suspended';
}

/** Thrown through the interpreter when no further step of the phase may begin; the state says why. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Thrown through a loop when an item has failed and its failure waits for the end of the loop. */
export class IterationFailed extends Error {
  override readonly name = 'IterationFailed';
}

/**
 * Ends waiting early. What may be left and taken up again (reads, watches, timers, gates) runs `interruptible`;
 * commands never do, they are always waited for.
 */
export class Interruption {
  /** One for all that waits now: a scope of its own for each step would be kept by its parent until the run ends. */
  #scope: CancellationScope | undefined;
  readonly #reason: () => Error | undefined;

  /** `reason` tells whether to stop now, and with which error. */
  constructor(reason: () => Error | undefined) {
    this.#reason = reason;
  }

  /** @throws Suspended, Stopped when there is a reason to stop */
  check(): void {
    const reason = this.#reason();
    if (reason !== undefined) throw reason;
  }

  /** Runs `work` so that `interrupt` ends it. @throws Suspended, Stopped when it was ended */
  async interruptible<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    const scope = (this.#scope ??= new CancellationScope());
    try {
      return await scope.run(work);
    } catch (error) {
      if (isCancellation(error)) this.check();
      throw error;
    }
  }

  /** Ends everything that is interruptible, if there is a reason. */
  interrupt(): void {
    if (this.#reason() === undefined) return;
    const scope = this.#scope;
    this.#scope = undefined;
    scope?.cancel();
  }
}
