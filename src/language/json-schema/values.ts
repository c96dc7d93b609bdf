import { DURATION_PATTERN } from '../../catalog/index.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Keys } from '../shape/vocabulary.ts';

/** A JSON Schema (draft-07, which editors know best). */
export type Schema = JsonObject;

const NO_TEMPLATE = '^(?![\\s\\S]*\\$\\{\\{)';

/** What stands under `definitions`, by the names that {@link ref} takes. */
export const VALUES = {
  text: {
    type: 'string',
    minLength: 1,
    pattern: NO_TEMPLATE,
    patternErrorMessage: 'This is taken as it is: ${{ }} has no meaning here.',
  },
  templateText: {
    type: 'string',
    minLength: 1,
    description: 'A text that may hold templates: ${{ inputs.plan }}. Quote it.',
  },
  template: {
    type: 'string',
    pattern: '\\$\\{\\{[\\s\\S]*\\}\\}',
    patternErrorMessage: 'Expected a template: ${{ inputs.plan }}.',
  },
  expression: {
    type: ['string', 'boolean'],
    pattern: NO_TEMPLATE,
    patternErrorMessage: 'This is an expression already: leave ${{ }} out.',
  },
  duration: {
    type: 'string',
    pattern: DURATION_PATTERN,
    patternErrorMessage: 'Expected a duration: 90s, 15m, 2h, 1d.',
    examples: ['90s', '15m', '2h', '1d'],
  },
  timeOfDay: {
    type: 'string',
    pattern: '^(?:[01]\\d|2[0-3]):[0-5]\\d$',
    patternErrorMessage: 'Expected a time of the day in quotes: "22:00".',
    examples: ['22:00'],
  },
  id: {
    type: 'string',
    pattern: '^[a-z][a-zA-Z0-9_]{0,63}$',
    patternErrorMessage: 'A small letter, then letters, digits and _: failOver2.',
  },
  runbookName: {
    type: 'string',
    maxLength: 64,
    pattern: '^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$',
    patternErrorMessage: 'Small letters, digits and -: erp-failover.',
  },
  connectionName: { type: 'string', pattern: '^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$' },
} as const satisfies Record<string, Schema>;

/** The schema of a definition, with a sentence of its own. */
export function ref(name: string, description?: string, more: Schema = {}): Schema {
  const target = { $ref: `#/definitions/${name}` };
  // Beside `$ref`, draft-07 ignores everything else.
  return description === undefined ? target : { description, ...more, allOf: [target] };
}

/** A map with exactly the keys of the vocabulary. @throws TypeError for a key that has no schema here */
export function mapOf(
  { what, keys }: Keys,
  properties: Readonly<Record<string, Schema>>,
  { required = [], ...more }: Schema & { readonly required?: readonly string[] } = {},
): Schema {
  const missing = keys.filter((key) => !Object.hasOwn(properties, key));
  const unknown = Object.keys(properties).filter((key) => !keys.includes(key));
  if (missing.length + unknown.length > 0) {
    throw new TypeError(
      `The schema of ${what} and its vocabulary differ: ${[...missing, ...unknown].join()}`,
    );
  }
  return { type: 'object', properties, required, additionalProperties: false, ...more };
}

/** A list of at least one item. */
export function listOf(items: Schema, description?: string): Schema {
  return { type: 'array', items, minItems: 1, ...(description === undefined ? {} : { description }) };
}

/** One of a few words. */
export function wordOf(words: readonly string[], description: string, more: Schema = {}): Schema {
  return { enum: words, description, ...more };
}

export function integer(minimum: number, description: string, more: Schema = {}): Schema {
  return { type: 'integer', minimum, description, ...more };
}

export function flag(description: string): Schema {
  return { type: 'boolean', description };
}
