import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js';
import { evaluateTree, type Scope } from './evaluate.ts';
import { ExpressionBudget } from './expression-budget.ts';
import { ExpressionError } from './expression-error.ts';
import { FUNCTIONS, MACROS } from './expression-functions.ts';
import type { Json } from './json.ts';

export type { Scope } from './evaluate.ts';
export { ExpressionError } from './expression-error.ts';
export type { ExpressionCode } from './expression-error.ts';

/** Expressions are small sentences; whoever needs more wants a step. All limits hold before anything is evaluated. */
const MAX_LENGTH = 2_000;
const MAX_MACRO_NESTING = 2;
const LIMITS = {
  maxAstNodes: 400,
  // 32 levels of brackets inside the outermost expression.
  maxDepth: 33,
  maxListElements: 100,
  maxMapEntries: 50,
  maxCallArguments: 8,
};

/** A name path an expression reads, such as `steps.failover.output`, with its offset in the text. */
export interface Reference {
  readonly path: readonly string[];
  readonly offset: number;
}

/** A part of a parsed expression, for those who check it: what it does (`op`), to what (`args`), and where it stands. */
export type ExpressionNode = ASTNode;

/** A parsed expression: what it refers to, and a function from the values of its roots to a JSON value. */
export interface Expression {
  readonly source: string;
  /** As it was written; macros are calls. */
  readonly tree: ExpressionNode;
  readonly references: readonly Reference[];
  /**
   * @param budget what it may cost, where it shares that with others; default one of its own
   * @throws ExpressionError `EXPRESSION_FAILED` for a missing field, a wrong type, a division by zero …
   */
  evaluate(scope: Scope, budget?: ExpressionBudget): Json;
}

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: LIMITS,
});
/** A process that checks many runbooks must not keep every expression it ever saw: at most this many characters. */
const MAX_KEPT_CHARACTERS = 300_000;
const parsed = new Map<string, Expression>();
let keptCharacters = 0;

/**
 * Reads a CEL expression. No clock, no random, no environment and no regular expression can be named in it, and its
 * size and nesting are bounded, so that evaluating it is deterministic and short.
 *
 * @throws ExpressionError `EXPRESSION_SYNTAX`, `EXPRESSION_LIMIT`, `EXPRESSION_FUNCTION`
 */
export function parseExpression(source: string): Expression {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  if (source.length > MAX_LENGTH) {
    throw new ExpressionError('EXPRESSION_LIMIT', `An expression has at most ${MAX_LENGTH} characters.`);
  }
  const ast = parseTree(source);
  const references: Reference[] = [];
  inspect(ast, { bound: new Set(), macros: 0, references });
  const expression: Expression = {
    source,
    tree: ast,
    references,
    evaluate: (scope, budget = new ExpressionBudget()) => evaluateTree(ast, scope, budget),
  };
  keep(expression);
  return expression;
}

function keep(expression: Expression): void {
  if (keptCharacters > MAX_KEPT_CHARACTERS) {
    parsed.clear();
    keptCharacters = 0;
  }
  parsed.set(expression.source, expression);
  keptCharacters += expression.source.length;
}

function parseTree(source: string): ASTNode {
  try {
    return environment.parse(source).ast;
  } catch (error) {
    // What the lexer throws for a malformed number is no ParseError.
    const { code, summary, range } = error instanceof ParseError ? error : UNREADABLE;
    throw new ExpressionError(code === 'limit_exceeded' ? 'EXPRESSION_LIMIT' : 'EXPRESSION_SYNTAX', summary, {
      offset: range?.start ?? 0,
      cause: error,
    });
  }
}

const UNREADABLE: Pick<ParseError, 'code' | 'summary' | 'range'> = {
  code: 'unreadable',
  summary: 'The expression cannot be read.',
};

interface Inspection {
  readonly bound: ReadonlySet<string>;
  readonly macros: number;
  readonly references: Reference[];
}

/** Walks the tree once: refuses what is not listed and macros that nest too deep, collects the references. */
function inspect(node: ASTNode, context: Inspection): void {
  const path = pathOf(node);
  if (path !== undefined) {
    if (!context.bound.has(path[0] ?? '')) context.references.push({ path, offset: node.start });
    return;
  }
  switch (node.op) {
    case 'value':
      if (typeof node.args === 'object' && node.args !== null) {
        const message = 'Bytes and unsigned numbers are not known here.';
        throw new ExpressionError('EXPRESSION_SYNTAX', message, { offset: node.start });
      }
      break;
    case 'call':
      inspectCall({ name: node.args[0], args: node.args[1], offset: node.start }, context);
      break;
    case 'rcall': {
      const [name, receiver, args] = node.args;
      inspect(receiver, context);
      inspectCall({ name, receiver, args, offset: node.start }, context);
      break;
    }
    default:
      for (const child of childNodes(node.args)) inspect(child, context);
  }
}

interface Call {
  readonly name: string;
  /** What stands before the dot. */
  readonly receiver?: ASTNode;
  readonly args: readonly ASTNode[];
  readonly offset: number;
}

function inspectCall({ name, receiver, args, offset }: Call, context: Inspection): void {
  if (receiver === undefined || !Object.hasOwn(MACROS, name)) {
    checkFunction({ name, args, offset, ...(receiver && { receiver }) });
    for (const arg of args) inspect(arg, context);
    return;
  }
  const [variable, ...body] = args;
  if (variable?.op !== 'id' || MACROS[name]?.includes(args.length) !== true) {
    const message = `\`${name}\` is written ${name}(item, …).`;
    throw new ExpressionError('EXPRESSION_SYNTAX', message, { offset });
  }
  if (context.macros === MAX_MACRO_NESTING) {
    const message = `Loops inside an expression nest at most ${MAX_MACRO_NESTING} deep.`;
    throw new ExpressionError('EXPRESSION_LIMIT', message, { offset });
  }
  const bound = new Set([...context.bound, variable.args]);
  for (const arg of body) inspect(arg, { ...context, bound, macros: context.macros + 1 });
}

function checkFunction({ name, receiver, args, offset }: Call): void {
  if (name === 'has' && receiver === undefined) {
    if (args.length === 1 && args[0]?.op === '.') return;
    throw new ExpressionError('EXPRESSION_SYNTAX', '`has` asks for a field: has(a.b).', { offset });
  }
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known === undefined) {
    throw new ExpressionError('EXPRESSION_FUNCTION', `There is no function \`${name}\` here.`, { offset });
  }
  const given = args.length + (receiver === undefined ? 0 : 1);
  if (known.forms.includes(receiver === undefined ? 'call' : 'method') && known.takes === given) return;
  const written = known.forms.includes('call') ? `${name}(x)` : `x.${name}("…")`;
  throw new ExpressionError('EXPRESSION_FUNCTION', `\`${name}\` is written ${written}.`, { offset });
}

/** `a.b["c"]` as `[a, b, c]`; undefined when the node is anything but a chain of names. */
export function pathOf(node: ExpressionNode): string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op === '.') {
    const parent = pathOf(node.args[0]);
    return parent && [...parent, node.args[1]];
  }
  if (node.op === '[]' && node.args[1].op === 'value' && typeof node.args[1].args === 'string') {
    const parent = pathOf(node.args[0]);
    return parent && [...parent, node.args[1].args];
  }
  return undefined;
}

/** The parts right inside a part, from its `args`. */
export function childNodes(args: unknown): ExpressionNode[] {
  if (Array.isArray(args)) return args.flatMap(childNodes);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}
