import type { Json, JsonObject } from '../../model/json.ts';
import type { CompiledRunbook } from '../../model/runbook.ts';
import { typedInput } from '../../model/typed-value.ts';
import { didYouMean } from '../../model/suggest.ts';
import type { StartProblems } from './problems.ts';

/** Gives the inputs of a run their types and fills in defaults; what does not fit is reported and left out. */
export function readInputs(
  { inputs: declared }: CompiledRunbook,
  given: Readonly<Record<string, unknown>>,
  problems: StartProblems,
): JsonObject {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(declared, name)) continue;
    const hint = didYouMean(name, Object.keys(declared)) ?? known(Object.keys(declared));
    problems.atTop('INPUT_UNKNOWN', `The runbook has no input \`${name.slice(0, 60)}\`.`, hint);
  }
  const typed: [string, Json][] = [];
  for (const [name, spec] of Object.entries(declared)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value !== undefined) {
      const read = typedInput(value, spec, { readTexts: true });
      if ('value' in read) typed.push([name, read.value]);
      else problems.atInput(read.code, name, `\`${name}\`: ${read.message}`, spec.description);
    } else if (spec.default !== undefined) {
      typed.push([name, spec.default]);
    } else if (spec.requiredBy === undefined) {
      const what = spec.description === undefined ? '' : ` (${spec.description})`;
      problems.atInput(
        'INPUT_MISSING',
        name,
        `The input \`${name}\`${what} is missing.`,
        `Give it: -i ${name}=…`,
      );
    }
  }
  return Object.fromEntries(typed);
}

function known(names: readonly string[]): string {
  return names.length === 0 ? 'It takes no inputs.' : `It takes ${names.join(', ')}.`;
}
