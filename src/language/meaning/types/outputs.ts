import { isActionName, specOf, type ActionName } from '../../../catalog/index.ts';
import { ExpressionError } from '../../../model/expression.ts';
import { isJsonObject, type Json } from '../../../model/json.ts';
import { allSteps, type CompiledRunbook, type FieldSpec } from '../../../model/runbook.ts';
import { expressionsIn } from '../../../model/template.ts';
import { typeOfJson, typeOfSchema, typeOfSpec } from './declared.ts';
import { inferType } from './infer.ts';
import { ANYTHING, either, listOf, mapWith, TEXT_TYPE, WHOLE_TYPE, type Fields, type Type } from './type.ts';

/** What a loop answers, as long as only its counts are asked for. */
export const LOOP_OUTPUT: Type = mapWith(
  new Map(['total', 'succeeded', 'warned', 'failed'].map((name) => [name, WHOLE_TYPE])),
);

export const APPROVAL_OUTPUT: Type = mapWith(new Map([['approvedBy', listOf(TEXT_TYPE)]]));

/** What an action answers. */
export function actionOutput(action: ActionName): Type {
  return typeOfSchema(specOf(action).output);
}

/** What people have filled in, and who they are. */
export function manualOutput(fields: { readonly [name: string]: FieldSpec }): Type {
  const known = ['answer', 'person', 'comment'].map((name) => [name, TEXT_TYPE] as const);
  const filledIn = Object.entries(fields).map(([name, { type }]) => [name, typeOfSpec({ type })] as const);
  return mapWith(new Map([...known, ...filledIn]));
}

/** The inputs that a runbook declares. */
export function inputsOf(runbook: CompiledRunbook): Type {
  const inputs = Object.entries(runbook.inputs).map(([name, spec]) => [name, typeOfSpec(spec)] as const);
  return mapWith(new Map(inputs));
}

/** A variable has a value for each mode. */
export function typeOfVar(byMode: { readonly [mode: string]: Json | undefined }): Type {
  const types = Object.values(byMode).flatMap((value) => (value === undefined ? [] : typeOfJson(value)));
  const [first, ...rest] = types;
  return first === undefined ? ANYTHING : rest.reduce(either, first);
}

const OF_CHILD = new WeakMap<CompiledRunbook, Type>();

/** What a runbook answers that is run by a step. */
export function childOutput(child: CompiledRunbook): Type {
  const known = OF_CHILD.get(child);
  if (known !== undefined) return known;
  const roots: Readonly<Record<string, Type>> = {
    inputs: inputsOf(child),
    vars: mapWith(new Map(Object.entries(child.vars).map(([name, value]) => [name, typeOfVar(value)]))),
    steps: mapWith(stepsOf(child)),
  };
  const fields = Object.entries(child.outputs ?? {}).map(
    ([name, value]) => [name, typeOfRendered(value, (root) => roots[root])] as const,
  );
  const type = mapWith(new Map(fields));
  OF_CHILD.set(child, type);
  return type;
}

/** The steps of a compiled runbook, as far as what they answer is declared. */
function stepsOf(child: CompiledRunbook): Fields {
  const steps = allSteps(child).map((step) => {
    const isUses = step.kind === 'uses' && isActionName(step.uses);
    const output = isUses
      ? actionOutput(step.uses)
      : step.kind === 'manual'
        ? manualOutput(step.fields)
        : ANYTHING;
    const times = ['outcome', 'startedAt', 'endedAt'].map((name) => [name, TEXT_TYPE] as const);
    return [step.id, mapWith(new Map([...times, ['output', output], ['items', ANYTHING]]))] as const;
  });
  return new Map(steps);
}

/** The type of a value with templates in it, when it has been made. */
function typeOfRendered(value: Json, names: (root: string) => Type | undefined): Type {
  if (Array.isArray(value)) {
    const [first, ...rest] = (value as readonly Json[]).map((item) => typeOfRendered(item, names));
    return listOf(first === undefined ? ANYTHING : rest.reduce(either, first));
  }
  if (isJsonObject(value)) {
    const fields = Object.entries(value).map(([key, item]) => [key, typeOfRendered(item, names)] as const);
    return mapWith(new Map(fields));
  }
  if (typeof value !== 'string') return typeOfJson(value);
  try {
    const [only] = expressionsIn(value);
    if (only?.isLone !== true) return TEXT_TYPE;
    // Its own check has told what is wrong with it.
    return inferType(only.expression.tree, names, () => undefined);
  } catch (error) {
    if (error instanceof ExpressionError) return ANYTHING;
    throw error;
  }
}
