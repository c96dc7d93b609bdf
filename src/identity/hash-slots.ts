import { IdentityError } from './identity-error.ts';

/** Each computation takes 32 MiB or more, and a thread of Node's pool. */
const MAX_AT_ONCE = 2;
/** Who comes after them waits for seconds already; more would only hold memory. */
const MAX_WAITING = 64;

/** Bounds how many passwords are hashed at once, so that a flood of sign-ins cannot take all memory and threads. */
export class HashSlots {
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  /** @throws IdentityError `identity.busy` when too many wait already */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The slot is handed on, not given back: nobody overtakes who waits.
      if (next === undefined) this.#busy -= 1;
      else next();
    }
  }

  async #enter(): Promise<void> {
    if (this.#busy < MAX_AT_ONCE) {
      this.#busy += 1;
      return;
    }
    if (this.#waiting.length >= MAX_WAITING) {
      const message = 'Too many people sign in at this moment. Try again in a few seconds.';
      throw new IdentityError('identity.busy', message, { retryAfterMs: 3_000 });
    }
    await new Promise<void>((enter) => this.#waiting.push(enter));
  }
}
