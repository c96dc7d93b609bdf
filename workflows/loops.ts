import { iterationOf, stepAt, type Iteration, type LoopItem } from '../src/model/loop.ts';
import {
  childrenOf,
  walkSteps,
  type CompiledRunbook,
  type ForEachStep,
  type Step,
} from '../src/model/runbook.ts';

/** The loops of a run that have begun, and what stands in them: a loop in a loop is one for each item of the outer. */
export class Loops {
  readonly #begun = new Map<string, readonly Iteration[]>();
  /** By the path of the iteration. */
  readonly #iterations = new Map<string, Iteration>();

  /** A loop begins: its items are fixed from now on. */
  begin(loop: ForEachStep, items: readonly LoopItem[]): readonly Iteration[] {
    const iterations = items.map((item) => iterationOf(loop, item));
    this.#begun.set(loop.path, iterations);
    for (const iteration of iterations) this.#iterations.set(iteration.block.path, iteration);
    return iterations;
  }

  /** The iterations of a loop, in the order of its items; undefined when it has not begun. */
  of(path: string): readonly Iteration[] | undefined {
    return this.#begun.get(path);
  }

  /** All iterations of all loops. */
  all(): Iterable<Iteration> {
    return this.#iterations.values();
  }

  /** The iteration that a step stands in, or is. */
  around(path: string): Iteration | undefined {
    if (this.#iterations.size === 0) return undefined;
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const iteration = this.#iterations.get(path.slice(0, end));
      if (iteration !== undefined) return iteration;
    }
    return undefined;
  }

  /** The iterations that a step stands in, or is, the outermost first. */
  chainAround(path: string): Iteration[] {
    const innermost = this.around(path);
    return innermost === undefined ? [] : [...this.chainAround(innermost.loop.path), innermost];
  }

  /** A loop of the run by its path, which may stand in an iteration. */
  loopAt(runbook: CompiledRunbook, path: string): ForEachStep | undefined {
    const around = this.around(path);
    const step =
      around === undefined
        ? stepAt(runbook, path)
        : [...walkSteps(around.block.steps)].find((one) => one.path === path);
    return step?.kind === 'forEach' ? step : undefined;
  }

  /** The steps right inside a step of the run: of a loop its iterations, none before it has begun. */
  childrenOf(step: Step): readonly Step[] {
    if (step.kind !== 'forEach') return childrenOf(step);
    return this.of(step.path)?.map(({ block }) => block) ?? [];
  }

  /** Every step of the run below `steps`, parents before their children, in the order of the runbook. */
  *walk(steps: readonly Step[]): Generator<Step> {
    for (const step of steps) {
      yield step;
      yield* this.walk(this.childrenOf(step));
    }
  }
}
