import { isJsonObject, type Json } from './json.ts';
import { MAX_LOOP_ITEMS } from './loop.ts';
import type { FieldTypes, ItemType, ScalarType } from './runbook.ts';
import type { BadInput, TypedInput } from './typed-value.ts';
import { didYouMean } from './suggest.ts';

/** A run hands its inputs from execution to execution, where little has room beside them. */
const MAX_LIST_CHARACTERS = 128 * 1_024;

type ReadScalar = (value: unknown, type: ScalarType) => TypedInput;

/**
 * Gives the items of a list the type they are declared with. With `readTexts` a text is read as JSON, and the texts in
 * items as their types: a CSV file has nothing but texts. The first problem is the answer.
 */
export function typedList(
  value: unknown,
  of: ItemType,
  { readTexts, read }: { readonly readTexts: boolean; readonly read: ReadScalar },
): TypedInput {
  const list = readTexts && typeof value === 'string' ? parsed(value) : value;
  if (!Array.isArray(list)) return bad('expected a list: [ … ] as JSON, or @FILE.csv or @FILE.json.');
  if (list.length > MAX_LOOP_ITEMS) {
    return bad(`expected at most ${MAX_LOOP_ITEMS} items, got ${list.length}.`);
  }
  const items: Json[] = [];
  for (const [index, item] of (list as readonly unknown[]).entries()) {
    const typed = typeof of === 'string' ? read(item, of) : typedObject(item, of, read);
    if (!('value' in typed)) return within(typed, index);
    items.push(typed.value);
  }
  const size = JSON.stringify(items).length;
  if (size <= MAX_LIST_CHARACTERS) return { value: items };
  return bad(`expected at most ${MAX_LIST_CHARACTERS} characters in all, got ${size}.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Gives the fields of an object the types they are declared with. With `readTexts` a text is read as JSON. */
export function typedFields(
  value: unknown,
  fields: FieldTypes,
  { readTexts, read }: { readonly readTexts: boolean; readonly read: ReadScalar },
): TypedInput {
  const object = readTexts && typeof value === 'string' ? parsed(value) : value;
  if (!isJsonObject(object)) return bad('expected an object: { … } as JSON, or @FILE.json.');
  return typedObject(object, fields, read);
}

function typedObject(item: unknown, fields: FieldTypes, read: ReadScalar): TypedInput {
  const names = Object.keys(fields);
  if (!isJsonObject(item)) return bad(`expected the fields ${names.join(', ')}.`);
  for (const name of Object.keys(item)) {
    if (Object.hasOwn(fields, name)) continue;
    const hint = didYouMean(name, names) ?? `It has ${names.join(', ')}.`;
    return { ...bad(`there is no field \`${name.slice(0, 60)}\`. ${hint}`), at: [name] };
  }
  const typed: [string, Json][] = [];
  for (const [name, type] of Object.entries(fields)) {
    if (!Object.hasOwn(item, name)) return bad(`the field \`${name}\` is missing.`);
    const field = read(item[name], type);
    if (!('value' in field)) return { ...field, message: `\`${name}\`: ${field.message}`, at: [name] };
    typed.push([name, field.value]);
  }
  return { value: Object.fromEntries(typed) };
}

function within(problem: BadInput, index: number): BadInput {
  const { code, message, at = [] } = problem;
  return { code, message: `item ${index + 1}: ${message}`, at: [index, ...at] };
}

function bad(message: string): BadInput {
  return { code: 'INPUT_TYPE', message };
}
