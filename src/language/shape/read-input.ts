import type { InputSpec, ItemType, ScalarType } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import { typedInput } from '../../model/typed-value.ts';
import { anchored, patternProblem } from '../../model/pattern.ts';
import { nodeAt, type Entry, type Node } from '../yaml/tree.ts';
import { openMap } from './fields.ts';
import { checkName } from './names.ts';
import { booleanHint, readJson, readText, readWord } from './values.ts';
import { INPUT, ITEM_WORDS, REQUIRED_BY_WORDS, TYPE_WORDS } from './vocabulary.ts';

/** More fields than this are a document, not an item. */
const MAX_FIELDS = 20;

const OF_HINT = {
  list: 'What the items are: string, or { name: string, site: string }.',
  object: 'Its fields: { name: string, site: string }.',
} as const;

/** Reads the declaration of an input; its default must fit it. */
export function readInput(node: Node, report: Reporter): InputSpec | undefined {
  const fields = openMap(node, INPUT, report);
  const typeNode = fields?.need('type', `One of ${TYPE_WORDS.words.join(', ')}.`)?.value;
  if (fields === undefined || typeNode === undefined) return undefined;
  const type = readWord(typeNode, report, { what: '`type`', ...TYPE_WORDS });
  if (type === undefined) return undefined;
  const descriptionNode = fields.get('description')?.value;
  const description = descriptionNode && readText(descriptionNode, report, { what: '`description`' })?.text;
  const pattern = readPattern(fields.get('pattern')?.value, type, report);
  const of = readOf(fields.get('of'), type, report);
  const isNested = type === 'list' || type === 'object';
  if (isNested && fields.need('of', OF_HINT[type]) === undefined) return undefined;
  const requiredBy = fields.get('requiredBy')?.value;
  const isLate =
    requiredBy !== undefined &&
    readWord(requiredBy, report, { what: '`requiredBy`', ...REQUIRED_BY_WORDS }) === 'end';
  const late = fields.get('default') === undefined ? undefined : fields.get('requiredBy');
  if (late !== undefined) {
    const hint = 'Keep one of the two.';
    report.add('MISPLACED', late.at, 'An input with a default is never asked for.', hint);
  }
  if (isLate && isNested) {
    const hint = 'Only a single value can be given later.';
    report.add('MISPLACED', requiredBy, `People cannot fill in a ${type} at a gate.`, hint);
  }
  const spec: InputSpec = {
    type,
    ...(of === undefined ? {} : { of }),
    ...(description === undefined ? {} : { description }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(isLate ? { requiredBy: 'end' } : {}),
  };
  const defaultNode = fields.get('default')?.value;
  if (defaultNode === undefined) return spec;
  const value = readDefault(defaultNode, spec, report);
  return value === undefined ? spec : { ...spec, default: value };
}

function readOf(entry: Entry | undefined, type: InputSpec['type'], report: Reporter): ItemType | undefined {
  if (entry === undefined) return undefined;
  const { at, value } = entry;
  if (type !== 'list' && type !== 'object') {
    const message = `\`of\` says what is in a list or an object, and the type is \`${type}\`.`;
    report.add('MISPLACED', at, message);
    return undefined;
  }
  const read = (node: Node, what: string) => readWord<ScalarType>(node, report, { what, ...ITEM_WORDS });
  if (value.kind !== 'map') {
    if (type === 'list') return read(value, '`of`');
    report.add('SHAPE', value, '`of` says which fields the object has.', OF_HINT.object);
    return undefined;
  }
  if (value.entries.size === 0) report.add('REQUIRED', value, 'An item without fields says nothing.');
  if (value.entries.size > MAX_FIELDS) {
    report.add('COUNT', value, `An item has at most ${MAX_FIELDS} fields.`);
  }
  const types = [...value.entries.values()].flatMap((field) => {
    const fieldType = read(field.value, `The type of \`${field.key}\``);
    return checkName(field.key, field.at, report) && fieldType !== undefined
      ? [[field.key, fieldType] as const]
      : [];
  });
  return Object.fromEntries(types);
}

/** A pattern, as it is used: over the whole text. */
export function readPattern(
  node: Node | undefined,
  type: InputSpec['type'],
  report: Reporter,
): string | undefined {
  if (node === undefined) return undefined;
  const text = readText(node, report, { what: '`pattern`', max: 500 })?.text;
  if (type !== 'string' && type !== 'vroPlan') {
    report.add('MISPLACED', node, `A pattern fits texts, not the type \`${type}\`.`);
    return undefined;
  }
  if (text === undefined) return undefined;
  const problem = patternProblem(text);
  if (problem === undefined) return anchored(text);
  report.add('PATTERN', node, problem.message, problem.hint);
  return undefined;
}

function readDefault(node: Node, spec: InputSpec, report: Reporter): InputSpec['default'] {
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('${{')) {
    readText(node, report, { what: '`default`' });
    return undefined;
  }
  const json = readJson(node, report);
  if (json === undefined) return undefined;
  // A runbook is written with types: "5" is no number here, other than on the command line.
  const typed = typedInput(json, spec, { readTexts: false });
  if ('value' in typed) return typed.value;
  const code = typed.code === 'INPUT_PATTERN' ? 'VALUE' : 'TYPE';
  const at = nodeAt(node, typed.at ?? []);
  report.add(code, at, `The default does not fit: ${typed.message}`, booleanHint(at));
  return undefined;
}
