import { z } from 'zod';
import { specOf, type ActionName } from '../../catalog/index.ts';
import { formatDuration } from '../../model/duration.ts';
import { isJsonObject, without, type Json } from '../../model/json.ts';
import { exampleOf } from './example-inputs.ts';
import { ref, VALUES, type Schema } from './values.ts';

/** What an action takes under `with`: literal values as the catalog says, or a template in place of each. */
export function withSchema(name: ActionName): Schema {
  const schema = z.toJSONSchema(specOf(name).input, {
    target: 'draft-7',
    io: 'input',
  }) as Schema;
  const properties = Object.entries(isJsonObject(schema['properties']) ? schema['properties'] : {});
  return {
    description: factsOf(name),
    type: 'object',
    properties: Object.fromEntries(properties.map(([key, field]) => [key, orTemplate(field)])),
    ...(Array.isArray(schema['required']) ? { required: schema['required'] } : {}),
    additionalProperties: false,
    examples: [exampleOf(name)],
  };
}

const SAYS = {
  read: 'A read: it changes nothing.',
  watch: 'A watch: it changes nothing.',
  notify: 'A notification: best effort, it never fails the run.',
} as const;

/** What an author should know of an action. */
export function factsOf(name: ActionName): string {
  const { summary, effect, impact, undo, irreversible, timeoutMs, legal } = specOf(name);
  const touches = impact === 'production' ? 'touches PRODUCTION' : 'touches no production system';
  const facts = [
    effect === 'command' ? `A command: sent at most once, ${touches}.` : SAYS[effect],
    ...(irreversible === true ? ['It CANNOT be undone, so no drill may do it.'] : []),
    ...(undo === 'discardsChanges' ? ['Undoing it discards what was written meanwhile.'] : []),
    ...(legal === undefined
      ? []
      : [
          `Legal while the plan is: ${legal.states.join(', ')}${legal.enabled === true ? ', and enabled' : ''}.`,
        ]),
    `Takes at most ${formatDuration(timeoutMs)} unless the step says otherwise.`,
  ];
  return `${summary}\n\n${facts.join(' ')}`;
}

/** A value of this schema, or a template that yields one; inside lists and maps as well. */
function orTemplate(field: Json): Schema {
  if (!isJsonObject(field)) return {};
  const { description, default: fallback, ...rest } = field;
  const about = {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
  const literal = deepened(plain(rest));
  // Any text may be a template anyway.
  const takesAnyText = literal['type'] === 'string' && Object.keys(literal).length === 1;
  return takesAnyText ? { ...about, ...literal } : { ...about, anyOf: [literal, ref('template')] };
}

function deepened(schema: Schema): Schema {
  const { items, properties, anyOf } = schema;
  return {
    ...schema,
    ...(items === undefined ? {} : { items: orTemplate(items) }),
    ...(isJsonObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, field]) => [key, orTemplate(field)]),
          ),
        }
      : {}),
    ...(Array.isArray(anyOf)
      ? { anyOf: anyOf.map((one: Json) => (isJsonObject(one) ? plain(one) : {})) }
      : {}),
  };
}

/** Without what only restates JSON's own limits, and without formats: editors read `date-time` more strictly than muster. */
function plain({ minimum, maximum, minLength, maxLength, ...others }: Schema): Schema {
  const rest = without(others, ['format']);
  const bound = (name: string, value: Json | undefined): Schema =>
    typeof value === 'number' && Math.abs(value) !== Number.MAX_SAFE_INTEGER ? { [name]: value } : {};
  const isAnyText = rest['type'] === 'string' && Object.keys(rest).length === 1;
  return {
    ...rest,
    ...bound('minimum', minimum),
    ...bound('maximum', maximum),
    // A template is rendered before its length counts.
    ...(isAnyText ? {} : { ...bound('minLength', minLength), ...bound('maxLength', maxLength) }),
    ...(rest['pattern'] === VALUES.duration.pattern
      ? { patternErrorMessage: VALUES.duration.patternErrorMessage }
      : {}),
  };
}
