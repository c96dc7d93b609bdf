/**
 * For how long reads may follow each other within one workflow task, and how many: the run itself takes about a
 * millisecond for each. Nothing that arrives meanwhile (a vote, a request to stop) is seen before the task ends, so this
 * plus one read is what people may wait more.
 */
const MAX_HELD_MS = 500;
const MAX_HELD_READS = 200;
/** What one task answers the server with is one message, and that ends at 4 MB. */
const MAX_HELD_BYTES = 1_024 * 1_024;

const NOTHING = { reads: 0, ms: 0, bytes: 0 };

/**
 * What is done within a workflow task (by local activities), and whether the task may be held for it. It reckons with what
 * reads report of themselves, never with the time of the workflow: after a local activity that is another one when the
 * workflow is replayed.
 */
export class TaskHold {
  /** What goes on that needs later workflow tasks: activities, timers, people, branches. */
  #others = 0;
  #held = NOTHING;
  #isBusy = false;
  /** Who comes next, in the order they came. */
  readonly #waiting: (() => void)[] = [];

  /** Whether a read may be done within this task. */
  mayRead(): boolean {
    const { reads, ms, bytes } = this.#held;
    return this.isIdle() && reads < MAX_HELD_READS && ms < MAX_HELD_MS && bytes < MAX_HELD_BYTES;
  }

  /** Whether nothing is waited for, in no branch. */
  isIdle(): boolean {
    return this.#others === 0 && !this.#isBusy;
  }

  /** Something was read within this task: how long the worker took for it, and how large it is. */
  add({ ms, bytes }: { readonly ms: number; readonly bytes: number }): void {
    const held = this.#held;
    this.#held = { reads: held.reads + 1, ms: held.ms + ms, bytes: held.bytes + bytes };
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
      this.#held = NOTHING;
    }
  }
}
