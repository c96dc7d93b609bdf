import { z } from 'zod';
import type { Json } from '../../../model/json.ts';
import type { InputSpec, ItemType, ScalarType } from '../../../model/runbook.ts';
import {
  ANYTHING,
  BOOLEAN_TYPE,
  either,
  FRACTION,
  listOf,
  mapTo,
  mapWith,
  NULL,
  NUMBER_TYPE,
  TEXT_TYPE,
  WHOLE_TYPE,
  type Type,
} from './type.ts';

const NOTHING: Type = { kinds: NULL };
const FRACTION_TYPE: Type = { kinds: FRACTION };

const SCALARS = {
  string: TEXT_TYPE,
  duration: TEXT_TYPE,
  vroPlan: TEXT_TYPE,
  integer: WHOLE_TYPE,
  number: NUMBER_TYPE,
  boolean: BOOLEAN_TYPE,
} as const satisfies Record<ScalarType, Type>;

/** The type of a value that a runbook declares: an input, or a field that people fill in. */
export function typeOfSpec({ type, of }: Pick<InputSpec, 'type' | 'of'>): Type {
  if (type === 'list') return listOf(of === undefined ? ANYTHING : typeOfItem(of));
  if (type === 'object') return of === undefined ? mapTo(ANYTHING) : typeOfItem(of);
  return SCALARS[type];
}

function typeOfItem(of: ItemType): Type {
  if (typeof of === 'string') return SCALARS[of];
  return mapWith(new Map(Object.entries(of).map(([field, type]) => [field, SCALARS[type]])));
}

/** The type of a value that stands in a runbook. */
export function typeOfJson(value: Json): Type {
  if (value === null) return NOTHING;
  if (typeof value === 'string') return TEXT_TYPE;
  if (typeof value === 'boolean') return BOOLEAN_TYPE;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? WHOLE_TYPE : FRACTION_TYPE;
  if (Array.isArray(value)) {
    const [first, ...rest] = (value as readonly Json[]).map(typeOfJson);
    return listOf(first === undefined ? ANYTHING : rest.reduce(either, first));
  }
  return mapWith(new Map(Object.entries(value).map(([field, item]) => [field, typeOfJson(item)])));
}

const OF_SCHEMA = new WeakMap<object, Type>();

/** The type of what a schema of the catalog reads or answers. */
export function typeOfSchema(schema: unknown): Type {
  if (typeof schema !== 'object' || schema === null) return ANYTHING;
  const known = OF_SCHEMA.get(schema);
  if (known !== undefined) return known;
  const type = readSchema(schema);
  OF_SCHEMA.set(schema, type);
  return type;
}

function readSchema(schema: object): Type {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return typeOfSchema(schema.unwrap());
  if (schema instanceof z.ZodNullable) return either(typeOfSchema(schema.unwrap()), NOTHING);
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat || schema instanceof z.ZodEnum) {
    return TEXT_TYPE;
  }
  if (schema instanceof z.ZodNumberFormat) return WHOLE_TYPE;
  if (schema instanceof z.ZodNumber) return NUMBER_TYPE;
  if (schema instanceof z.ZodBoolean) return BOOLEAN_TYPE;
  if (schema instanceof z.ZodLiteral) {
    return [...schema.values].map((value) => typeOfJson(value as Json)).reduce(either);
  }
  if (schema instanceof z.ZodUnion) return schema.options.map(typeOfSchema).reduce(either);
  if (schema instanceof z.ZodArray) return listOf(typeOfSchema(schema.element));
  if (schema instanceof z.ZodRecord) return mapTo(typeOfSchema(schema.valueType));
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, unknown> = schema.shape;
    return mapWith(new Map(Object.entries(shape).map(([field, inner]) => [field, typeOfSchema(inner)])));
  }
  return ANYTHING;
}
