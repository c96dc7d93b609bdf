import { CancellationScope, condition } from '@temporalio/workflow';
import type { RunNote } from '../src/model/run-note.ts';

/** What a read-only run tells before anything asks for it. */
const WRITE_AFTER = 50;
/** Of one activity. */
const NOTES_PER_WRITE = 200;

/**
 * Writes notes for as long as it takes, and says why it has to try again. `whoWaits`: whether the run waits for it, or goes
 * on meanwhile.
 */
export type WriteNotes = (
  notes: readonly RunNote[],
  whoWaits: 'run' | 'nobody',
  troubled: (why: string) => void,
) => Promise<void>;

/**
 * What the run tells the ledger. A worker that dies loses none of it: the next one tells it again from the history. So it is
 * written in batches, beside the steps, and waited for only before something acts, or the execution ends.
 */
export class Journal {
  readonly #waiting: RunNote[] = [];
  readonly #write: WriteNotes;
  /** Whether the run tells anything: false for one from before there was a ledger. */
  readonly isKept: boolean;
  /** Whether what waits may go with a command: false for a run from before that. */
  readonly #travels: boolean;
  /** Whether something is on its way. */
  isWriting = false;
  /** Why what was told could not be written, while that is so. */
  trouble: string | undefined;

  constructor(
    write: WriteNotes,
    { isKept, travels }: { readonly isKept: boolean; readonly travels: boolean },
  ) {
    this.#write = write;
    this.isKept = isKept;
    this.#travels = travels;
  }

  /** Whether something waits that may go with a command, and little enough of it. */
  get mayTravel(): boolean {
    return this.#travels && !this.isWriting && this.#waiting.length > 0 && this.#waiting.length < WRITE_AFTER;
  }

  /**
   * Gives what waits to something that enters it first, which saves an activity. If that fails, it waits again: entered twice
   * is entered once.
   */
  async withNotes<T>(work: (notes: readonly RunNote[]) => Promise<T>): Promise<T> {
    const notes = this.#waiting.splice(0);
    this.isWriting = true;
    try {
      return await work(notes);
    } catch (error) {
      this.#waiting.unshift(...notes);
      throw error;
    } finally {
      this.isWriting = false;
    }
  }

  note(note: RunNote): void {
    if (!this.isKept) return;
    this.#waiting.push(note);
    if (this.#waiting.length >= WRITE_AFTER && !this.isWriting) void this.#writeAll('nobody');
  }

  /** Waits until all that was told is in the ledger. */
  async written(): Promise<void> {
    // Also of a branch that is stopped meanwhile: who waits here ends its step in order.
    if (this.isWriting) {
      await CancellationScope.nonCancellable(() => condition(() => !this.isWriting));
      // Who wrote it wrote all of it; a command took what there was, and may have brought it back.
      if (!this.#travels) return;
    }
    if (this.#waiting.length > 0) await this.#writeAll('run');
  }

  async #writeAll(whoWaits: 'run' | 'nobody'): Promise<void> {
    this.isWriting = true;
    try {
      while (this.#waiting.length > 0) {
        const notes = this.#waiting.splice(0, NOTES_PER_WRITE);
        await CancellationScope.nonCancellable(() =>
          this.#write(notes, whoWaits, (why) => {
            this.trouble = why;
          }),
        );
        this.trouble = undefined;
      }
    } finally {
      this.isWriting = false;
    }
  }
}
