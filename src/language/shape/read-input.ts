import type { InputSpec } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import { typedInput } from '../input-value.ts';
import { anchored, patternProblem } from '../pattern.ts';
import type { Node } from '../yaml/tree.ts';
import { openMap } from './fields.ts';
import { booleanHint, readJson, readText, readWord } from './values.ts';
import { INPUT, TYPE_WORDS } from './vocabulary.ts';

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
  const spec: InputSpec = {
    type,
    ...(description === undefined ? {} : { description }),
    ...(pattern === undefined ? {} : { pattern }),
  };
  const defaultNode = fields.get('default')?.value;
  if (defaultNode === undefined) return spec;
  const value = readDefault(defaultNode, spec, report);
  return value === undefined ? spec : { ...spec, default: value };
}

function readPattern(node: Node | undefined, type: InputSpec['type'], report: Reporter): string | undefined {
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
  report.add(code, node, `The default does not fit: ${typed.message}`, booleanHint(node));
  return undefined;
}
