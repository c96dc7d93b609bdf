import { isDeepStrictEqual } from 'node:util';

type Schema = boolean | Readonly<Record<string, unknown>>;

/** Words of JSON Schema that say nothing about what is valid. */
const SILENT = new Set(
  '$schema title description examples default definitions patternErrorMessage enumDescriptions'.split(' '),
);

/**
 * Checks a value against a schema (the part of draft-07 that the schema of runbooks uses) and answers what does not fit,
 * `path: keyword`.
 *
 * @throws TypeError for a keyword that it does not know: nothing is passed over
 */
export function schemaProblems(root: Schema, value: unknown): string[] {
  return new Check(root).problems(root, value, '');
}

class Check {
  readonly #root: Schema;

  constructor(root: Schema) {
    this.#root = root;
  }

  problems(schema: Schema, value: unknown, path: string): string[] {
    if (typeof schema === 'boolean') return schema ? [] : [`${path}: false`];
    return Object.entries(schema).flatMap(([keyword, wanted]) => {
      if (SILENT.has(keyword) || keyword === 'then' || keyword === 'else') return [];
      const check = KEYWORDS[keyword];
      if (check === undefined) throw new TypeError(`unknown keyword ${keyword}`);
      return check({ check: this, schema, wanted, value, path });
    });
  }

  holds(schema: unknown, value: unknown): boolean {
    return this.problems(schema as Schema, value, '').length === 0;
  }

  resolve(ref: string): Schema {
    const name = ref.replace('#/definitions/', '');
    const found = (this.#root as { definitions: Record<string, Schema> }).definitions[name];
    if (found === undefined) throw new TypeError(`unknown definition ${ref}`);
    return found;
  }
}

interface Place {
  readonly check: Check;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly wanted: unknown;
  readonly value: unknown;
  readonly path: string;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const entries = (value: unknown): [string, unknown][] => (isMap(value) ? Object.entries(value) : []);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const unless = (holds: boolean, { path }: Place, keyword: string): string[] =>
  holds ? [] : [`${path}: ${keyword}`];

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: isMap,
  null: (value) => value === null,
};

/** What must hold of strings, numbers, lists or maps; of other values it says nothing. */
const KEYWORDS: Readonly<Record<string, (place: Place) => string[]>> = {
  $ref: ({ check, wanted, value, path }) => check.problems(check.resolve(String(wanted)), value, path),
  type: (place) =>
    unless(
      [place.wanted].flat().some((type) => TYPES[String(type)]?.(place.value) === true),
      place,
      'type',
    ),
  const: (place) => unless(isDeepStrictEqual(place.value, place.wanted), place, 'const'),
  enum: (place) =>
    unless(
      list(place.wanted).some((one) => isDeepStrictEqual(one, place.value)),
      place,
      'enum',
    ),
  pattern: (place) =>
    unless(
      typeof place.value !== 'string' || new RegExp(String(place.wanted), 'u').test(place.value),
      place,
      'pattern',
    ),
  minLength: (place) =>
    unless(typeof place.value !== 'string' || place.value.length >= Number(place.wanted), place, 'minLength'),
  maxLength: (place) =>
    unless(typeof place.value !== 'string' || place.value.length <= Number(place.wanted), place, 'maxLength'),
  minimum: (place) =>
    unless(typeof place.value !== 'number' || place.value >= Number(place.wanted), place, 'minimum'),
  maximum: (place) =>
    unless(typeof place.value !== 'number' || place.value <= Number(place.wanted), place, 'maximum'),
  items: ({ check, wanted, value, path }) =>
    list(value).flatMap((item, index) => check.problems(wanted as Schema, item, `${path}/${index}`)),
  minItems: (place) =>
    unless(!Array.isArray(place.value) || place.value.length >= Number(place.wanted), place, 'minItems'),
  maxItems: (place) =>
    unless(!Array.isArray(place.value) || place.value.length <= Number(place.wanted), place, 'maxItems'),
  properties: ({ check, wanted, value, path }) =>
    entries(wanted).flatMap(([key, schema]) =>
      isMap(value) && Object.hasOwn(value, key)
        ? check.problems(schema as Schema, value[key], `${path}/${key}`)
        : [],
    ),
  additionalProperties: ({ check, schema, wanted, value, path }) =>
    entries(value).flatMap(([key, field]) =>
      isMap(schema['properties']) && Object.hasOwn(schema['properties'], key)
        ? []
        : check.problems(wanted as Schema, field, `${path}/${key}`),
    ),
  propertyNames: ({ check, wanted, value, path }) =>
    entries(value).flatMap(([key]) => check.problems(wanted as Schema, key, `${path}/${key}`)),
  minProperties: (place) =>
    unless(
      !isMap(place.value) || entries(place.value).length >= Number(place.wanted),
      place,
      'minProperties',
    ),
  required: ({ wanted, value, path }) =>
    isMap(value)
      ? list(wanted).flatMap((key) =>
          Object.hasOwn(value, String(key)) ? [] : [`${path}: required ${String(key)}`],
        )
      : [],
  dependencies: ({ check, wanted, value, path }) =>
    entries(wanted).flatMap(([key, schema]) =>
      isMap(value) && Object.hasOwn(value, key)
        ? check.problems(schema as Schema, value, `${path}/${key}`)
        : [],
    ),
  allOf: ({ check, wanted, value, path }) =>
    list(wanted).flatMap((schema) => check.problems(schema as Schema, value, path)),
  anyOf: (place) =>
    unless(
      list(place.wanted).some((schema) => place.check.holds(schema, place.value)),
      place,
      'anyOf',
    ),
  oneOf: (place) =>
    unless(
      list(place.wanted).filter((schema) => place.check.holds(schema, place.value)).length === 1,
      place,
      'oneOf',
    ),
  if: ({ check, schema, wanted, value, path }) =>
    check.problems(
      (check.holds(wanted, value) ? (schema['then'] ?? true) : (schema['else'] ?? true)) as Schema,
      value,
      path,
    ),
};
