import type { Pause } from '../src/model/run.ts';
import { WHOLE_RUN } from '../src/model/vote.ts';

/** The steps before which a run stops, until somebody says go on. */
export class Pauses {
  readonly #pauses: Map<string, Pause>;

  constructor(pauses: readonly Pause[]) {
    this.#pauses = new Map(pauses.map((pause) => [pause.path, pause]));
  }

  all(): Pause[] {
    return [...this.#pauses.values()];
  }

  add(pause: Pause): void {
    this.#pauses.set(pause.path, pause);
  }

  /** Of one step, or with `*` of all. False when there was none. */
  end(path: string): boolean {
    if (path !== WHOLE_RUN) return this.#pauses.delete(path);
    const had = this.#pauses.size > 0;
    this.#pauses.clear();
    return had;
  }

  isBefore(path: string): boolean {
    return this.#pauses.has(path) || this.#pauses.has(WHOLE_RUN);
  }

  /** @throws Error when the run is not paused there: a bug */
  before(path: string): Pause {
    const pause = this.#pauses.get(path) ?? this.#pauses.get(WHOLE_RUN);
    if (pause === undefined) throw new Error(`not paused before ${path}`);
    return pause;
  }
}
