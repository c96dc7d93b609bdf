import { ExpressionError } from '../src/model/expression.ts';
import type { Json, JsonObject } from '../src/model/json.ts';
import type { Engine } from './engine.ts';

/** As much as a step may answer. */
const MAX_CHARACTERS = 64 * 1_024;

/**
 * What the runbook says that a run of it answers. Each output by itself: one that speaks of a step that did not run is
 * left out, as is one that does not fit; the end of a run is no place to fail.
 */
export function outputsOf({ state, scope }: Engine): JsonObject | undefined {
  const { outputs } = state.runbook;
  if (outputs === undefined) return undefined;
  const rendered: [string, Json][] = [];
  let left = MAX_CHARACTERS;
  for (const [name, value] of Object.entries(outputs)) {
    try {
      const { [name]: one = null } = scope.render({ [name]: value });
      left -= JSON.stringify(one).length + name.length;
      if (left >= 0) rendered.push([name, one]);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
    }
  }
  return Object.fromEntries(rendered);
}
