import { CancellationScope, condition } from '@temporalio/workflow';
import type { TellGateInput } from '../activities/contract.ts';

/** How long a run that ends, or continues as new, waits for what it was about to tell. */
const LAST_WORDS = '5s';

/**
 * Tells people about gates, beside everything else: nothing waits for it, and nothing fails for it. What could not be told
 * is found in the record of whoever tells.
 */
export class Telling {
  readonly #tell: (input: TellGateInput) => Promise<void>;
  #underWay = 0;

  constructor(tell: (input: TellGateInput) => Promise<void>) {
    this.#tell = tell;
  }

  tell(input: TellGateInput): void {
    this.#underWay += 1;
    // Also of a step that is stopped: that its gate has closed is news as well.
    void CancellationScope.nonCancellable(() => this.#tell(input))
      .catch(() => undefined)
      .finally(() => (this.#underWay -= 1));
  }

  /** Waits a moment for what is under way: Temporal drops it when the execution ends. */
  async settle(): Promise<void> {
    if (this.#underWay > 0) await condition(() => this.#underWay === 0, LAST_WORDS);
  }
}
