import type { JsonObject } from '../../model/json.ts';
import type { CompiledRunbook } from '../../model/runbook.ts';
import type { Diagnostic } from '../diagnostics.ts';
import { readInputs } from './inputs.ts';
import { StartProblems } from './problems.ts';

/**
 * Gives those inputs their types that are given; what is missing stays so, and no default is filled in. For commands
 * that only read a runbook.
 */
export function readGivenInputs(
  runbook: CompiledRunbook,
  given: Readonly<Record<string, unknown>>,
  file: string,
): { readonly inputs: JsonObject; readonly diagnostics: readonly Diagnostic[] } {
  const problems = new StartProblems({ file, steps: new Map(), inputs: new Map(), vars: new Map() });
  const typed = readInputs(runbook, given, problems);
  return {
    inputs: Object.fromEntries(Object.entries(typed).filter(([name]) => Object.hasOwn(given, name))),
    diagnostics: problems.all().filter(({ code }) => code !== 'INPUT_MISSING'),
  };
}
