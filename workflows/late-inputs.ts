import type { JsonObject } from '../src/model/json.ts';
import type { CompiledRunbook, FieldSpec, ManualStep } from '../src/model/runbook.ts';
import { DECIDING_ROLE } from '../src/model/approval.ts';

/** No runbook can have a step of this name: ids have no dot. */
const PATH = 'muster.inputs';

/**
 * The question for what a run was started without, such as the number of a change that nobody had at 3 a.m.; it is asked
 * when the steps have ended.
 */
export function lateInputs({ inputs }: CompiledRunbook, given: JsonObject): ManualStep[] {
  const missing = Object.entries(inputs).flatMap(([name, { type, description, pattern, requiredBy }]) => {
    if (requiredBy === undefined || Object.hasOwn(given, name) || type === 'list' || type === 'object') {
      return [];
    }
    const field: FieldSpec = {
      type,
      ...(description === undefined ? {} : { description }),
      ...(pattern === undefined ? {} : { pattern }),
    };
    return [[name, field] as const];
  });
  if (missing.length === 0) return [];
  return [
    {
      kind: 'manual',
      id: PATH,
      path: PATH,
      title: 'What the run was started without',
      by: [DECIDING_ROLE],
      fields: Object.fromEntries(missing),
      answers: { given: 'succeeded' },
      onTimeout: 'hold',
    },
  ];
}

/** What was answered, as inputs. */
export function answeredInputs(
  steps: readonly ManualStep[],
  outputOf: (path: string) => JsonObject | undefined,
): JsonObject {
  return Object.fromEntries(
    steps.flatMap(({ path, fields }) => {
      const output = outputOf(path) ?? {};
      return Object.keys(fields).flatMap((name) => {
        const value = output[name];
        return value === undefined ? [] : [[name, value] as const];
      });
    }),
  );
}
