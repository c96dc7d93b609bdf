import { parseDuration } from '../../model/duration.ts';
import type { Json } from '../../model/json.ts';
import type { Reporter } from '../diagnostics.ts';
import { didYouMean } from '../../model/suggest.ts';
import { describe, scalarsIn, valueOf, type Node, type ScalarNode } from '../yaml/tree.ts';
import { notYet } from './fields.ts';
import type { Words } from './vocabulary.ts';

/** A text, and where it stands. */
export interface Text {
  readonly text: string;
  readonly node: ScalarNode;
}

/** Decimal numbers as everybody reads them: no leading zeros, exponents, other bases, infinities. */
const PLAIN_NUMBER = /^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d+)$/;
const BOOLEAN_LIKE = /^(?:yes|no|on|off|y|n|true|false)$/i;
const MAX_TEXT = 2_000;

/** A text; with `templates` it may hold `${{ }}`, else it is taken as it is. */
export function readText(
  node: Node,
  report: Reporter,
  { what, max = MAX_TEXT, templates = false }: { what: string; max?: number; templates?: boolean },
): Text | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.value.trim() === '') {
    const hint = node.kind === 'scalar' && node.written !== '' ? `Quote it: "${node.written}".` : undefined;
    report.add('TYPE', node, `${what} is a text, but this is ${emptyOr(node)}.`, hint);
    return undefined;
  }
  if (node.value.length > max) {
    report.add('LENGTH', node, `${what} has at most ${max} characters.`);
    return undefined;
  }
  if (!templates && node.value.includes('${{')) {
    report.add('TEMPLATE_HERE', node, `${what} is taken as it is: \`\${{ }}\` has no meaning here.`);
    return undefined;
  }
  return { text: node.value, node };
}

/** A bare expression. `true` and `false` are expressions too. */
export function readExpression(node: Node, report: Reporter, what: string): Text | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return { text: String(node.value), node };
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.value.trim() === '') {
    report.add(
      'TYPE',
      node,
      `${what} is an expression, but this is ${emptyOr(node)}.`,
      'Write it as text: inputs.count > 1',
    );
    return undefined;
  }
  if (node.value.includes('${{')) {
    const hint = `Leave \${{ }} out: ${node.value.replaceAll('${{', '').replaceAll('}}', '').trim().slice(0, 100)}`;
    report.add('TEMPLATE_IN_EXPRESSION', node, `${what} is an expression already.`, hint);
    return undefined;
  }
  return { text: node.value, node };
}

/** A duration, in milliseconds. */
export function readDuration(node: Node, report: Reporter, what: string): number | undefined {
  const ms = node.kind === 'scalar' && typeof node.value === 'string' ? parseDuration(node.value) : undefined;
  if (ms !== undefined) return ms;
  const message = `${what} is a duration of at most a year, but this is ${described(node)}.`;
  report.add('TYPE', node, message, 'Write a number and a unit: 90s, 15m, 2h or 1d.');
  return undefined;
}

/** A whole number between `min` and `max`. */
export function readInteger(
  node: Node,
  report: Reporter,
  { what, min, max }: { what: string; min: number; max: number },
): number | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'number') {
    report.add('TYPE', node, `${what} is a whole number, but this is ${described(node)}.`);
    return undefined;
  }
  if (!isPlainNumber(node, report)) return undefined;
  if (Number.isSafeInteger(node.value) && node.value >= min && node.value <= max) return node.value;
  report.add('VALUE', node, `${what} is a whole number from ${min} to ${max}.`);
  return undefined;
}

/** `true` or `false`. */
export function readBoolean(node: Node, report: Reporter, what: string): boolean | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  report.add('TYPE', node, `${what} is true or false, but this is ${described(node)}.`, booleanHint(node));
  return undefined;
}

/** One of a few words. */
export function readWord<Word extends string>(
  node: Node,
  report: Reporter,
  { what, words, later = [] }: { what: string } & Words<Word>,
): Word | undefined {
  const written = node.kind === 'scalar' ? node.value : undefined;
  const word = words.find((candidate) => candidate === written);
  if (word !== undefined) return word;
  if (typeof written !== 'string') {
    report.add('TYPE', node, `${what} is ${listed(words)}, but this is ${emptyOr(node)}.`);
  } else if (later.includes(written)) report.add('NOT_YET', node, notYet(written));
  else report.add('VALUE', node, `${what} is ${listed(words)}.`, didYouMean(written, words));
  return undefined;
}

/** Any value that JSON can hold; numbers must be written so that nobody can misread them. */
export function readJson(node: Node, report: Reporter): Json | undefined {
  const plain = [...scalarsIn(node)].filter(({ value }) => typeof value === 'number');
  return plain.map((scalar) => isPlainNumber(scalar, report)).every(Boolean) ? valueOf(node) : undefined;
}

/** `yes`, `off` and the like are texts in YAML 1.2: a hint for whoever meant a boolean. */
export function booleanHint(node: Node): string | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || !BOOLEAN_LIKE.test(node.value)) {
    return undefined;
  }
  return 'Write true or false, without quotes: yes, no, on and off are texts.';
}

function isPlainNumber(node: ScalarNode, report: Reporter): boolean {
  const { value, written } = node;
  const exact = typeof value === 'number' && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (exact && PLAIN_NUMBER.test(written)) return true;
  const hint = `Quote it if it is a text: "${written}".`;
  report.add(
    'TYPE',
    node,
    `\`${written}\` is no plain decimal number, and would be read as ${String(value)}.`,
    hint,
  );
  return false;
}

function listed(words: readonly string[]): string {
  return words.length === 1 ? `\`${words.join()}\`` : `one of ${words.join(', ')}`;
}

function emptyOr(node: Node): string {
  return node.kind === 'scalar' && typeof node.value === 'string' ? 'empty' : describe(node);
}

function described(node: Node): string {
  return node.kind === 'scalar' && typeof node.value === 'string'
    ? `\`${node.value.slice(0, 60)}\``
    : describe(node);
}
