import type { z } from 'zod';
import { isActionName, specOf } from '../../catalog/index.ts';
import type { Scope } from '../../model/expression.ts';
import type { CompiledRunbook, Mode, UsesStep } from '../../model/runbook.ts';
import { templateReferences } from '../../model/template.ts';
import type { StartProblems } from './problems.ts';
import { textsIn } from './references.ts';
import { isUses, knownValue, stepsInMode } from './running.ts';

/**
 * What inputs and variables put into actions, checked against the catalog as far as it is known before the run begins:
 * nobody should approve what cannot be sent. A step with a condition may be meant to be left out with such a value.
 */
export function checkGivenValues(
  runbook: CompiledRunbook,
  { mode, scope }: { mode: Mode; scope: Scope },
  problems: StartProblems,
): void {
  const steps = stepsInMode(runbook, mode, (step) => step.if === undefined);
  for (const step of steps.filter(isUses)) checkStep(step, scope, problems);
}

function checkStep({ uses, path, with: given }: UsesStep, scope: Scope, problems: StartProblems): void {
  if (!isActionName(uses)) return;
  const shape: Record<string, z.ZodType> = specOf(uses).input.shape;
  for (const [name, written] of Object.entries(given)) {
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    const sources = textsIn(written).flatMap(templateReferences);
    // What is written out has been checked with the file.
    if (schema === undefined || sources.length === 0) continue;
    const value = knownValue(written, scope);
    const [issue] = value === undefined ? [] : (schema.safeParse(value).error?.issues ?? []);
    if (issue === undefined) continue;
    const from = [...new Set(sources.map(({ path: parts }) => parts.join('.')))].join(', ');
    const field = [name, ...issue.path].join('.');
    const why = issue.message.replace(/^Invalid input: /, '');
    const message = `\`${uses}\` cannot be run with the \`${field}\` that it is given: ${why}.`;
    problems.atStep('VALUE', path, message, `It comes from ${from}.`);
  }
}
