import type { Json, JsonObject } from './json.ts';
import type { Offer } from './offers.ts';
import type { FieldSpec, ManualStep } from './runbook.ts';
import { didYouMean } from './suggest.ts';
import { typedInput } from './typed-value.ts';

/** What people fill in, by name. */
export type Fields = Readonly<Record<string, FieldSpec>>;

/** Gives what people filled in its types, or says what does not fit, as a sentence. */
export function readFields(
  fields: Fields,
  values: JsonObject,
  { readTexts }: { readonly readTexts: boolean },
): { readonly values: JsonObject } | { readonly problem: string } {
  const names = Object.keys(fields);
  for (const name of Object.keys(values)) {
    if (Object.hasOwn(fields, name)) continue;
    const hint = didYouMean(name, names) ?? `There are ${names.join(', ') || 'none'}.`;
    return { problem: `There is no field \`${name.slice(0, 60)}\`. ${hint}` };
  }
  const typed: [string, Json][] = [];
  for (const [name, { type, optional, pattern }] of Object.entries(fields)) {
    const given = values[name];
    if (given === undefined) {
      if (optional === true) continue;
      return { problem: `The field \`${name}\` is not filled in.` };
    }
    const read = typedInput(given, { type, ...(pattern === undefined ? {} : { pattern }) }, { readTexts });
    if (!('value' in read)) return { problem: `\`${name}\`: ${read.message}` };
    typed.push([name, read.value]);
  }
  return { values: Object.fromEntries(typed) };
}

const SAYS = {
  succeeded: 'It is done: go on.',
  warned: 'It is done, but not as it should be: go on with a warning.',
  failed: 'It failed: people decide how to go on.',
} as const;

/** What the gate of a manual step offers: its answers. */
export function answersOf({ answers }: Pick<ManualStep, 'answers'>): readonly Offer[] {
  // The good ones first: a compiled runbook keeps no order of keys.
  return (['succeeded', 'warned', 'failed'] as const).flatMap((outcome) =>
    Object.keys(answers)
      .filter((answer) => answers[answer] === outcome)
      .map((answer) => ({ decision: 'answer' as const, answer, says: SAYS[outcome] })),
  );
}
