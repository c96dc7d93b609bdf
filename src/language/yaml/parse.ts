import { isMap, isScalar, isSeq, parseDocument, type YAMLError } from 'yaml';
import type { Reporter } from '../diagnostics.ts';
import type { Range, SourceText } from '../source-text.ts';
import type { Entry, Node, ScalarNode } from './tree.ts';

/** Keys through which a map could reach its prototype, and the merge key, which is switched off. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype', '<<', '']);
const MAX_KEY_LENGTH = 100;
/** What follows the first mistakes is mostly their echo. */
const MAX_SYNTAX_ERRORS = 5;
// Escapes in double quotes can bring in what the guard refuses in the text itself.
const UNSEEN_VALUE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff\p{Surrogate}]/u;

const STYLES: Readonly<Record<string, ScalarNode['style']>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_FOLDED: 'block',
  BLOCK_LITERAL: 'block',
};

/** Reads text that has passed the guard into a tree; undefined when it is no YAML. */
export function parseTree(source: SourceText, report: Reporter): Node | undefined {
  // Duplicate keys are found below: the parser's own search is quadratic.
  const document = parseDocument(source.text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: false,
    stringKeys: true,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  reportSyntaxErrors(document.errors, source, report);
  if (document.errors.length > 0) return undefined;
  return toNode(document.contents, { start: 0, end: 0 }, report);
}

/** The first of each line: the others on it are mostly its echo. */
function reportSyntaxErrors(errors: readonly YAMLError[], source: SourceText, report: Reporter): void {
  const lines = new Set<number>();
  for (const error of errors) {
    const [start, end] = error.pos;
    const { line } = source.position({ start, end });
    if (lines.has(line)) continue;
    lines.add(line);
    reportSyntax(error, source, report);
    if (lines.size === MAX_SYNTAX_ERRORS) return;
  }
}

function reportSyntax(error: YAMLError, source: SourceText, report: Reporter): void {
  const [start, end] = error.pos;
  const range = { start, end };
  if (error.code === 'TAB_AS_INDENT') {
    report.add('TAB', range, 'YAML indents with spaces, never with tabs.', 'Replace the tab by spaces.');
    return;
  }
  const line = source.position(range).sourceLine ?? '';
  const hint = line.includes('${{')
    ? 'Quote the template: `{ plan: "${{ inputs.plan }}" }`.'
    : 'Look at the indentation, the quotes and the brackets here and on the line above.';
  report.add('SYNTAX', range, error.message, hint);
}

/** `fallback` is where a value that is not there would stand. */
function toNode(node: unknown, fallback: Range, report: Reporter): Node {
  if (isScalar(node)) return toScalar(node, rangeOf(node, fallback), report);
  const range = rangeOf(node, fallback);
  if (isSeq(node)) {
    return { kind: 'list', ...range, items: node.items.map((item) => toNode(item, range, report)) };
  }
  if (!isMap(node)) return { kind: 'scalar', ...fallback, value: null, style: 'plain', written: '' };
  const entries = new Map<string, Entry>();
  for (const pair of node.items) {
    const at = rangeOf(pair.key, range);
    const key = isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : '';
    const value = toNode(pair.value, { start: at.end, end: at.end }, report);
    if (FORBIDDEN_KEYS.has(key)) {
      const hint = key === '<<' ? 'Write the keys out: maps are not merged.' : undefined;
      report.add('KEY', at, `\`${key}\` can be no key here.`, hint);
    } else if (key.length > MAX_KEY_LENGTH) {
      report.add('LENGTH', at, `A key has at most ${MAX_KEY_LENGTH} characters.`);
    } else if (entries.has(key)) {
      report.add('DUPLICATE_KEY', at, `\`${key}\` stands here twice.`, 'Delete one of the two.');
    } else {
      entries.set(key, { key, at, value });
    }
  }
  return { kind: 'map', ...range, entries };
}

function toScalar(
  scalar: { value: unknown; type?: string | undefined; source?: string | undefined },
  range: Range,
  report: Reporter,
): ScalarNode {
  const { value } = scalar;
  const written = scalar.source ?? '';
  const style = STYLES[scalar.type ?? 'PLAIN'] ?? 'plain';
  if (typeof value === 'string') {
    if (UNSEEN_VALUE.test(value)) {
      report.add('CONTROL', range, 'The text holds a character that cannot be seen.');
    }
    return { kind: 'scalar', ...range, value, style, written };
  }
  const known = typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return { kind: 'scalar', ...range, value: known, style, written };
}

function rangeOf(node: unknown, fallback: Range): Range {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) {
    return fallback;
  }
  const [start, end] = node.range as unknown[];
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : fallback;
}
