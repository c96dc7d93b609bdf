import type { z } from 'zod';
import { isActionName, specOf } from '../../catalog/index.ts';
import { ExpressionError, type Scope } from '../../model/expression.ts';
import type { Json } from '../../model/json.ts';
import {
  childrenOf,
  type CompiledRunbook,
  type Mode,
  type Step,
  type UsesStep,
} from '../../model/runbook.ts';
import { renderValue, templateReferences } from '../../model/template.ts';
import type { StartProblems } from './problems.ts';
import { textsIn } from './references.ts';
import { isUses } from './running.ts';

/**
 * What inputs and variables put into actions, checked against the catalog as far as it is known before the run begins:
 * nobody should approve what cannot be sent. A step with a condition may be meant to be left out with such a value.
 */
export function checkGivenValues(
  { steps, cleanup, always }: CompiledRunbook,
  { mode, scope }: { mode: Mode; scope: Scope },
  problems: StartProblems,
): void {
  const lists = [steps, mode === 'drill' ? cleanup : [], always];
  for (const step of lists.flatMap((list) => unconditional(list, mode)).filter(isUses)) {
    checkStep(step, scope, problems);
  }
}

function unconditional(steps: readonly Step[], mode: Mode): Step[] {
  return steps
    .filter((step) => step.if === undefined && (step.modes?.includes(mode) ?? true))
    .flatMap((step) => [step, ...unconditional(childrenOf(step), mode)]);
}

function checkStep({ uses, path, with: given }: UsesStep, scope: Scope, problems: StartProblems): void {
  if (!isActionName(uses)) return;
  const shape: Record<string, z.ZodType> = specOf(uses).input.shape;
  for (const [name, written] of Object.entries(given)) {
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    const sources = textsIn(written).flatMap(templateReferences);
    // What is written out has been checked with the file.
    if (schema === undefined || sources.length === 0) continue;
    const value = valueOf(written, scope);
    const [issue] = value === undefined ? [] : (schema.safeParse(value).error?.issues ?? []);
    if (issue === undefined) continue;
    const from = [...new Set(sources.map(({ path: parts }) => parts.join('.')))].join(', ');
    const field = [name, ...issue.path].join('.');
    const why = issue.message.replace(/^Invalid input: /, '');
    const message = `\`${uses}\` cannot be run with the \`${field}\` that it is given: ${why}.`;
    problems.atStep('VALUE', path, message, `It comes from ${from}.`);
  }
}

/** Undefined when it depends on what the run finds out, or on an item of a loop. */
function valueOf(written: Json, scope: Scope): Json | undefined {
  try {
    return renderValue(written, scope);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}
