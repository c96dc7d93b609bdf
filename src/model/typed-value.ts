import { parseDuration } from './duration.ts';
import type { Json } from './json.ts';
import type { InputSpec, ScalarType } from './runbook.ts';
import { typedFields, typedList } from './typed-list.ts';
import { MAX_MATCHED_LENGTH, matches } from './pattern.ts';

const INTEGER = /^(?:0|-?[1-9]\d{0,15})$/;
const NUMBER = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;
const MAX_INPUT_LENGTH = 4_000;
/** Line breaks and tabs may stand in a text; nothing else that moves a cursor may. */
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\p{Surrogate}]/u;

export type TypedInput = { readonly value: Json } | BadInput;

/** Why a value is not of its type, and where in it. */
export interface BadInput {
  readonly code: 'INPUT_TYPE' | 'INPUT_PATTERN';
  readonly message: string;
  /** Of a list: the number of the item, and its field. */
  readonly at?: readonly (string | number)[];
}

/** The declaration of one value: an input, an item of a list, or a field of one. */
export type ScalarSpec = Pick<InputSpec, 'pattern'> & { readonly type: ScalarType };

/**
 * Gives the value of an input its declared type. With `readTexts` a text is read as the type (the command line
 * has nothing but texts); otherwise it must have the type already. Values are never converted between types.
 */
export function typedInput(
  value: unknown,
  { type, of = 'string', ...spec }: InputSpec,
  { readTexts }: { readTexts: boolean },
): TypedInput {
  const read = (item: unknown, field: ScalarType): TypedInput =>
    typedScalar(item, { type: field }, readTexts);
  if (type === 'list') return typedList(value, of, { readTexts, read });
  if (type === 'object') return typedFields(value, typeof of === 'string' ? {} : of, { readTexts, read });
  return typedScalar(value, { ...spec, type }, readTexts);
}

function typedScalar(value: unknown, spec: ScalarSpec, readTexts: boolean): TypedInput {
  switch (spec.type) {
    case 'boolean':
      if (typeof value === 'boolean') return { value };
      if (readTexts && (value === 'true' || value === 'false')) return { value: value === 'true' };
      return wrong('expected true or false', value);
    case 'integer':
    case 'number':
      return typedNumber(value, spec.type, readTexts);
    case 'duration':
      if (typeof value === 'string' && parseDuration(value) !== undefined) return { value };
      return wrong('expected a duration such as 90s, 15m, 2h or 1d', value);
    case 'string':
    case 'vroPlan':
      return typedText(value, spec);
  }
}

function typedNumber(value: unknown, type: 'integer' | 'number', readTexts: boolean): TypedInput {
  const grammar = type === 'integer' ? INTEGER : NUMBER;
  const number = readTexts && typeof value === 'string' && grammar.test(value) ? Number(value) : value;
  const isNumber = typeof number === 'number' && Number.isFinite(number);
  const isExact =
    isNumber && (Number.isSafeInteger(number) || (type === 'number' && !Number.isInteger(number)));
  if (isExact) return { value: number };
  return wrong(
    type === 'integer' ? 'expected a whole number such as 42' : 'expected a number such as 4.2',
    value,
  );
}

function typedText(value: unknown, { type, pattern }: ScalarSpec): TypedInput {
  if (typeof value !== 'string') return wrong('expected a text', value);
  const max = type === 'vroPlan' ? 200 : pattern === undefined ? MAX_INPUT_LENGTH : MAX_MATCHED_LENGTH;
  if (value.length > max) return { code: 'INPUT_TYPE', message: `expected at most ${max} characters.` };
  if (UNSEEN.test(value)) return { code: 'INPUT_TYPE', message: 'it holds a character that cannot be seen.' };
  if (type === 'vroPlan' && value.trim() === '') return wrong('expected the name or id of a plan', value);
  if (pattern === undefined || matches(pattern, value)) return { value };
  return { code: 'INPUT_PATTERN', message: `it must match ${pattern}, but is ${shown(value)}.` };
}

function wrong(expected: string, value: unknown): BadInput {
  return { code: 'INPUT_TYPE', message: `${expected}, got ${shown(value)}.` };
}

/** A value as messages show it: short, and on one line. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : typeof value;
}
