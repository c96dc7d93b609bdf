/**
 * For how long reads may follow each other within one workflow task. Nothing that arrives meanwhile (a vote, the end of
 * a command, a request to stop) is seen before the task ends, so this plus one read is what people may wait more.
 */
const MAX_HELD_MS = 500;
/** What one task answers the server with is one message, and that ends at 4 MB. */
const MAX_HELD_BYTES = 1_024 * 1_024;

/**
 * What is done within a workflow task (by local activities), and whether the task may be held for it. All of it follows
 * from the run's own history, so a replay decides the same.
 */
export class TaskHold {
  /** What goes on that needs later workflow tasks: activities, timers, people, branches. */
  #others = 0;
  #since: number | undefined;
  #bytes = 0;
  #isBusy = false;
  /** Who comes next, in the order they came. */
  readonly #waiting: (() => void)[] = [];

  /** Whether a read may be done within this task. `now` in milliseconds since 1970, by workflow time. */
  mayRead(now: number): boolean {
    if (this.#others > 0 || this.#isBusy) return false;
    this.#since ??= now;
    return now - this.#since < MAX_HELD_MS && this.#bytes < MAX_HELD_BYTES;
  }

  /** So much was read within this task. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /**
   * Does something within the task, one thing at a time: what ended one after the other may end at once when it is
   * replayed, and what follows from each would then mix in another order.
   */
  async inTask<T>(work: () => Promise<T>): Promise<T> {
    while (this.#isBusy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
      this.#waiting.shift()?.();
    }
  }

  /** Waits for what needs later tasks; when it is over, a new one has begun. */
  async acrossTasks<T>(work: () => Promise<T>): Promise<T> {
    this.#others += 1;
    try {
      return await work();
    } finally {
      this.#others -= 1;
      this.#since = undefined;
      this.#bytes = 0;
    }
  }
}
