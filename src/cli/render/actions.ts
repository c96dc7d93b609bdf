import { specOf, type ActionName } from '../../catalog/index.ts';
import { formatDuration } from '../../model/duration.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { styled } from './style.ts';
import { table } from './table.ts';

/** An action as data, with its schemas as JSON Schema. */
export function actionFacts(name: ActionName): JsonObject {
  const { summary, system, effect, impact, undo, settlesBy, target, timeoutMs, legal, input, output } =
    specOf(name);
  const facts = {
    name,
    summary,
    system,
    effect,
    impact,
    undo,
    settlesBy,
    target,
    timeoutMs,
    legal,
    // As the author writes it: what has a default may be left out.
    input: input.toJSONSchema({ io: 'input' }),
    output: output.toJSONSchema(),
  };
  return JSON.parse(JSON.stringify(facts)) as JsonObject;
}

/** The catalog as a list. */
export function actionList(names: readonly ActionName[]): string[] {
  return table(
    ['ACTION', 'EFFECT', 'IMPACT', ''],
    names.map((name) => {
      const { effect, impact, summary } = specOf(name);
      return [name, effect, effect === 'command' ? impact : '', summary];
    }),
  );
}

/** One action in full. */
export function actionLines(name: ActionName): string[] {
  const { summary, system, effect, impact, undo, settlesBy, timeoutMs, legal } = specOf(name);
  const facts = actionFacts(name);
  return [
    `${styled('bold', name)}  ${summary}`,
    '',
    `Connection: ${system ?? 'none'}`,
    `Effect:     ${effect}${effect === 'command' ? `, impact ${impact}, undo ${undo}` : ''}`,
    ...(settlesBy === undefined ? [] : [`Settles by: ${settlesBy}`]),
    `Timeout:    ${formatDuration(timeoutMs)} unless the step says otherwise`,
    ...(legal === undefined
      ? []
      : [
          `Legal in:   ${legal.states.join(', ')}${legal.enabled === true ? '; the plan must be enabled' : ''} ` +
            `(confidence ${legal.confidence})`,
        ]),
    '',
    styled('bold', 'with:'),
    ...fieldLines(facts['input']),
    '',
    styled('bold', 'output:'),
    ...fieldLines(facts['output']),
  ];
}

function fieldLines(schema: Json | undefined, indent = '  '): string[] {
  if (!isJsonObject(schema) || !isJsonObject(schema['properties'])) return [];
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(schema['properties']).flatMap(([name, field]) => {
    if (!isJsonObject(field)) return [];
    const isOptional = !required.includes(name);
    const description = typeof field['description'] === 'string' ? `  ${field['description']}` : '';
    const items = field['items'];
    return [
      `${indent}${name}${isOptional ? '?' : ''}: ${typeText(field)}${styled('dim', description)}`,
      ...fieldLines(isJsonObject(items) ? items : field, `${indent}  `),
    ];
  });
}

function typeText(field: JsonObject): string {
  const fallback = field['default'] === undefined ? '' : ` = ${literal(field['default'])}`;
  return `${baseType(field)}${fallback}`;
}

/** A value as an author would write it in YAML. */
function literal(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function baseType(field: JsonObject): string {
  const { anyOf, enum: choices, const: only, type, items, format } = field;
  if (Array.isArray(anyOf)) {
    return anyOf.map((one: Json) => (isJsonObject(one) ? baseType(one) : '?')).join(' | ');
  }
  if (Array.isArray(choices)) return choices.map(literal).join(' | ');
  if (only !== undefined) return literal(only);
  if (type === 'array') return `list of ${isJsonObject(items) ? baseType(items) : 'anything'}`;
  const name = Array.isArray(type)
    ? type.map(literal).join(' | ')
    : typeof type === 'string'
      ? type
      : 'anything';
  return typeof format === 'string' ? `${name} (${format})` : name;
}
