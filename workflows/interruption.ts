import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { TaskHold } from './task-hold.ts';

/** Thrown through the interpreter when the run has to continue as new: nothing has ended, everything is recorded. */
export class Suspended extends Error {
  override readonly name = 'Suspended';
}

/** Thrown through the interpreter when no further step of the phase may begin; the state says why. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Thrown through a branch when another one has failed and the runbook ends this one for it. */
export class BranchStopped extends Error {
  override readonly name = 'BranchStopped';
}

/** Thrown through a loop when an item has failed and its failure waits for the end of the loop. */
export class IterationFailed extends Error {
  override readonly name = 'IterationFailed';
}

/** Whether an error means that the interpreter is to stop here, and not that a step has failed. */
export function isInterruption(error: unknown): error is Suspended | Stopped | BranchStopped {
  return error instanceof Suspended || error instanceof Stopped || error instanceof BranchStopped;
}

/**
 * Ends waiting early. What may be left and taken up again (reads, watches, timers, gates) runs `interruptible`;
 * commands never do, they are always waited for.
 */
export class Interruption {
  /**
   * One for all that waits now, and one for all that waits in a branch that can be stopped by itself: a scope of its own
   * for each step would be kept by its parent until the run ends.
   */
  #scopes = new Map<CancellationScope, CancellationScope>();
  readonly #hold: TaskHold;
  readonly #reason: () => Error | undefined;

  /** `reason` tells whether to stop now, and with which error. */
  constructor(hold: TaskHold, reason: () => Error | undefined) {
    this.#hold = hold;
    this.#reason = reason;
  }

  /** @throws Suspended, Stopped when there is a reason to stop; BranchStopped when there is one for this branch */
  check(): void {
    const reason = this.#reason();
    if (reason !== undefined) throw reason;
    if (CancellationScope.current().consideredCancelled) throw new BranchStopped();
  }

  /** Waits for `work` so that `interrupt` ends it. @throws Suspended, Stopped, BranchStopped when it was ended */
  interruptible<T>(work: () => Promise<T>): Promise<T> {
    return this.interruptibleInTask(() => this.#hold.acrossTasks(work));
  }

  /** The same, for what is done within this workflow task. @throws Suspended, Stopped, BranchStopped when it was ended */
  async interruptibleInTask<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    const scope = this.#scopeHere();
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
    const scopes = [...this.#scopes.values()];
    this.#scopes.clear();
    for (const scope of scopes) scope.cancel();
  }

  /** Forgets a branch that has ended. */
  leave(branch: CancellationScope): void {
    this.#scopes.delete(branch);
  }

  #scopeHere(): CancellationScope {
    const branch = CancellationScope.current();
    const known = this.#scopes.get(branch);
    if (known !== undefined) return known;
    const scope = new CancellationScope();
    this.#scopes.set(branch, scope);
    return scope;
  }
}
