import { isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { ConfigProblem } from './config-error.ts';

/** A configuration is a page or two; whatever is larger is another file. */
const MAX_LENGTH = 256 * 1024;
/** The parser recurses, and deep documents can end the process: so this is asked before it reads. */
const MAX_NESTING = 32;
const MAX_INDENT = 2 * MAX_NESTING;

export interface ParsedYaml {
  /** Plain data; undefined when there are problems. */
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** The line of a field, or of the nearest parent that is there. */
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
}

/** Reads YAML text into plain data: no aliases, no tags, no duplicate keys. All problems are reported at once. */
export function parseYaml(text: string): ParsedYaml {
  const tooMuch = limitOf(text);
  if (tooMuch !== undefined) {
    return { value: undefined, problems: [{ path: '', message: tooMuch }], lineOf: () => undefined };
  }
  const lines = new LineCounter();
  // Not `prettyErrors`: they quote the text, which may hold a secret that should not be there.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const problems = [
    ...[...document.errors, ...document.warnings].map(({ message, pos }) => ({
      path: '',
      message: `is no correct YAML: ${message}`,
      line: lineAt(pos[0]),
    })),
    ...forbiddenNodes(document, lineAt),
  ];
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
      if (Array.isArray(range) && typeof range[0] === 'number') return lineAt(range[0]);
    }
    return undefined;
  };
  return { value: problems.length > 0 ? undefined : document.toJS(), problems, lineOf };
}

function limitOf(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return `is larger than ${MAX_LENGTH / 1024} KB.`;
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > MAX_NESTING) return `nests brackets deeper than ${MAX_NESTING}.`;
  }
  const indent = new RegExp(`^[ \\t?:-]{${MAX_INDENT + 1}}`, 'm');
  return indent.test(text) ? `indents deeper than ${MAX_INDENT} columns.` : undefined;
}

function forbiddenNodes(document: Document, lineAt: (offset: number) => number): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const refuse = (node: { range?: [number, number, number] | null | undefined }, message: string): void => {
    problems.push({ path: '', message, ...(node.range && { line: lineAt(node.range[0]) }) });
  };
  visit(document, {
    Alias: (_, node) => refuse(node, 'aliases (*name) are not used here; write the value out.'),
    Node: (_, node) => {
      if (node.tag?.startsWith('!') === true) refuse(node, 'tags (!name) are not used here; quote the text.');
    },
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__') refuse(key, '__proto__ cannot be a name.');
    },
  });
  return problems;
}
