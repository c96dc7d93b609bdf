import type { z } from 'zod';
import { isActionName, specOf } from '../catalog/index.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { readFields } from '../model/manual.ts';
import { REFUSALS } from '../model/vote.ts';
import { MusterError } from './errors.ts';
import type { VoteRequest } from './muster.ts';
import type { Subject } from './subject.ts';

/**
 * What goes with an answer, with its types: the fields of a manual step, the corrected inputs of a `retry`, the outputs
 * of what was `done` by hand. Refused here is what the run, or the action, would refuse later.
 *
 * @throws MusterError `vote.refused`
 */
export function valuesFor(
  { uses, gate: { fields } }: Subject,
  { decision, values }: Pick<VoteRequest, 'decision' | 'values'>,
): JsonObject | undefined {
  if (fields !== undefined) return typed(readFields(fields, asJson(values ?? {}), { readTexts: true }));
  if (values === undefined || Object.keys(values).length === 0) return undefined;
  if (decision === 'retry') return corrected(uses, asJson(values));
  if (decision === 'done') return asJson(values);
  throw refused(`Values go with retry and done, not with ${decision}.`);
}

/** The command line has nothing but texts: what is no text for the action is read as JSON. */
function corrected(action: string | undefined, values: JsonObject): JsonObject {
  if (action === undefined || !isActionName(action)) throw refused('This step takes no inputs.');
  const shape: Readonly<Record<string, z.ZodType>> = specOf(action).input.shape;
  const read = Object.entries(values).map(([name, value]) => {
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (schema === undefined) {
      throw refused(`${action} takes no ${name}. It takes ${Object.keys(shape).join(', ')}.`);
    }
    for (const candidate of candidates(value)) {
      if (schema.safeParse(candidate).success) return [name, candidate] as const;
    }
    const problem = schema.safeParse(value).error?.issues[0]?.message ?? 'it does not fit';
    throw refused(`${name}: ${problem}.`);
  });
  return asJson(Object.fromEntries(read));
}

function candidates(value: unknown): unknown[] {
  if (typeof value !== 'string') return [value];
  try {
    return [value, JSON.parse(value)];
  } catch {
    return [value];
  }
}

function asJson(value: unknown): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(value));
  if (!isJsonObject(json)) throw refused('Values have names.');
  return json;
}

function typed(read: ReturnType<typeof readFields>): JsonObject {
  if ('values' in read) return read.values;
  throw refused(read.problem);
}

function refused(hint: string): MusterError {
  return new MusterError('vote.refused', REFUSALS.badValues, { hint });
}
