import { ExpressionError, type Scope } from '../../model/expression.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import {
  childrenOf,
  type ApprovalStep,
  type CompiledRunbook,
  type Mode,
  type Step,
  type UsesStep,
} from '../../model/runbook.ts';
import { renderValue } from '../../model/template.ts';

/**
 * The steps that a run in one mode can reach; conditions are not known yet and count as true, unless `isReached` says
 * otherwise. Cleanup belongs to drills.
 */
export function stepsInMode(
  { steps, cleanup, always }: CompiledRunbook,
  mode: Mode,
  isReached: (step: Step) => boolean = () => true,
): Step[] {
  const reachable = (list: readonly Step[]): Step[] =>
    list
      .filter((step) => (step.modes?.includes(mode) ?? true) && isReached(step))
      .flatMap((step) => [step, ...reachable(childrenOf(step))]);
  return [...reachable(steps), ...(mode === 'drill' ? reachable(cleanup) : []), ...reachable(always)];
}

export function isUses(step: Step): step is UsesStep {
  return step.kind === 'uses';
}

export function isApproval(step: Step): step is ApprovalStep {
  return step.kind === 'approval';
}

/** Whether a step is a command that can touch production. */
export function touchesProduction(step: Step): step is UsesStep {
  return step.kind === 'uses' && step.action.effect === 'command' && step.action.impact === 'production';
}

/** What is known of the values before the run begins. */
export function scopeOf(runbook: CompiledRunbook, mode: Mode, inputs: JsonObject): Scope {
  const vars = Object.entries(runbook.vars).flatMap(([name, byMode]) => {
    const value = byMode[mode];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { inputs, vars: Object.fromEntries(vars), run: { mode } };
}

/** What a command acts on: `connection/kind/value`. Undefined when that depends on what the run finds out. */
export function targetOf({ action, connection, with: given }: UsesStep, scope: Scope): string | undefined {
  const { kind, input } = action.target ?? {};
  const written = input === undefined ? undefined : given[input];
  if (kind === undefined || connection === undefined || typeof written !== 'string') return undefined;
  const value = knownValue(written, scope);
  return typeof value === 'string' ? `${connection}/${kind}/${value}` : undefined;
}

/** A value with its templates filled in. Undefined when it depends on what the run finds out, or on an item of a loop. */
export function knownValue(written: Json, scope: Scope): Json | undefined {
  try {
    return renderValue(written, scope);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** What a command acts on, as written: two commands that say the same in the same words mean the same. */
export function targetAsWritten({ action, connection, with: given }: UsesStep): string | undefined {
  const { kind, input } = action.target ?? {};
  const written = input === undefined ? undefined : given[input];
  return typeof written === 'string' ? `${connection ?? ''}/${kind ?? ''}/${written}` : undefined;
}
