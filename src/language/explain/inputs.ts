import type { CompiledRunbook, InputSpec, Objectives } from '../../model/runbook.ts';
import type { ExplainedInput } from './explanation.ts';
import { listed, spokenDuration } from './spoken.ts';

const TYPES = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'yes or no',
  duration: 'a duration',
  vroPlan: 'the name of a plan in Veeam Recovery Orchestrator',
  list: 'a list',
  object: 'several values',
} as const satisfies Record<InputSpec['type'], string>;

/** What a run needs to be told. */
export function explainInputs({ inputs }: CompiledRunbook): ExplainedInput[] {
  return Object.entries(inputs).map(([name, spec]) => ({ name, says: saysOf(spec) }));
}

function saysOf({ type, of, description, default: fallback, requiredBy }: InputSpec): string {
  const fields = typeof of === 'object' ? ` with ${listed(Object.keys(of))}` : '';
  const what = description ?? `${TYPES[type]}${fields}`;
  if (requiredBy === 'end') return `${what} (may be given at the end of the run)`;
  if (fallback === undefined) return what;
  const text = typeof fallback === 'string' ? fallback : JSON.stringify(fallback);
  return `${what} (without it: ${text === '' || text === '[]' ? 'none' : text})`;
}

/** What was promised, in sentences. */
export function explainObjectives({ rtoMs, rpoMs, drillEveryMs }: Objectives = {}): string[] {
  return [
    ...(rtoMs === undefined ? [] : [`It works again within ${spokenDuration(rtoMs)}.`]),
    ...(rpoMs === undefined ? [] : [`Data of at most ${spokenDuration(rpoMs)} is lost.`]),
    ...(drillEveryMs === undefined ? [] : [`It is practised every ${spokenDuration(drillEveryMs)}.`]),
  ];
}
