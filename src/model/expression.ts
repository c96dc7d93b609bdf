import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import type { Json } from './json.ts';

/** Expressions are small sentences; whoever needs more wants a step. All limits hold before anything is evaluated. */
const MAX_LENGTH = 2_000;
const MAX_MACRO_NESTING = 2;
const LIMITS = {
  maxAstNodes: 400,
  maxDepth: 32,
  maxListElements: 100,
  maxMapEntries: 50,
  maxCallArguments: 8,
};
/** Lists longer than this are not walked: nested macros over them would hold the workflow task. */
const MAX_LIST_LENGTH = 2_000;

/** Macros walk a list and may nest; the others are plain functions. What is not listed is refused. */
const MACROS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const FUNCTIONS = new Set([
  'has',
  'size',
  'string',
  'int',
  'double',
  'bool',
  'contains',
  'startsWith',
  'endsWith',
  'dyn',
]);

export type ExpressionCode =
  'EXPRESSION_SYNTAX' | 'EXPRESSION_LIMIT' | 'EXPRESSION_FUNCTION' | 'EXPRESSION_NAME' | 'EXPRESSION_FAILED';

/** An expression that cannot be read or evaluated. `offset` is where in its text, if that is known. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly code: ExpressionCode;
  readonly offset: number;
  constructor(
    code: ExpressionCode,
    message: string,
    { offset = 0, cause }: { offset?: number; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.offset = offset;
  }
}

/** A name path an expression reads, such as `steps.failover.output`, with its offset in the text. */
export interface Reference {
  readonly path: readonly string[];
  readonly offset: number;
}

/** A parsed expression: what it refers to, and a function from the values of its roots to a JSON value. */
export interface Expression {
  readonly source: string;
  readonly references: readonly Reference[];
  /** @throws ExpressionError `EXPRESSION_FAILED` for a missing field, a wrong type, a division by zero … */
  evaluate(scope: Scope): Json;
}

/** The roots an expression may name. */
export type Scope = { readonly [root: string]: Json };

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: LIMITS,
});
/** A process that checks many runbooks must not keep every expression it ever saw. */
const MAX_KEPT = 5_000;
const parsed = new Map<string, Expression>();

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
  const program = parseProgram(source);
  const references: Reference[] = [];
  inspect(program.ast, { bound: new Set(), macros: 0, references });
  const expression: Expression = {
    source,
    references,
    evaluate(scope) {
      try {
        return toJson(program(toCel(scope) as Record<string, unknown>));
      } catch (error) {
        if (error instanceof ExpressionError) throw error;
        throw new ExpressionError('EXPRESSION_FAILED', summaryOf(error), {
          offset: offsetOf(error),
          cause: error,
        });
      }
    },
  };
  if (parsed.size >= MAX_KEPT) parsed.clear();
  parsed.set(source, expression);
  return expression;
}

function parseProgram(source: string): ReturnType<Environment['parse']> {
  try {
    return environment.parse(source);
  } catch (error) {
    const summary = summaryOf(error);
    const code = /limit|exceed/i.test(summary) ? 'EXPRESSION_LIMIT' : 'EXPRESSION_SYNTAX';
    throw new ExpressionError(code, summary, { offset: offsetOf(error), cause: error });
  }
}

interface Inspection {
  readonly bound: ReadonlySet<string>;
  readonly macros: number;
  readonly references: Reference[];
}

/** Walks the tree once: refuses functions that are not listed and too deep macros, collects the references. */
function inspect(node: ASTNode, context: Inspection): void {
  const path = pathOf(node);
  if (path !== undefined) {
    if (!context.bound.has(path[0] ?? '')) context.references.push({ path, offset: node.start });
    return;
  }
  switch (node.op) {
    case 'call':
      inspectCall(node.args[0], undefined, node.args[1], node.start, context);
      break;
    case 'rcall':
      inspectCall(node.args[0], node.args[1], node.args[2], node.start, context);
      break;
    default:
      for (const child of childNodes(node.args)) inspect(child, context);
  }
}

function inspectCall(
  name: string,
  receiver: ASTNode | undefined,
  args: readonly ASTNode[],
  offset: number,
  context: Inspection,
): void {
  if (receiver !== undefined) inspect(receiver, context);
  if (!MACROS.has(name) || receiver === undefined) {
    if (!FUNCTIONS.has(name)) {
      throw new ExpressionError('EXPRESSION_FUNCTION', `There is no function \`${name}\` here.`, { offset });
    }
    for (const arg of args) inspect(arg, context);
    return;
  }
  if (context.macros === MAX_MACRO_NESTING) {
    const message = `Loops inside an expression nest at most ${MAX_MACRO_NESTING} deep.`;
    throw new ExpressionError('EXPRESSION_LIMIT', message, { offset });
  }
  const [variable, ...body] = args;
  const bound = variable?.op === 'id' ? new Set([...context.bound, variable.args]) : context.bound;
  for (const arg of body) inspect(arg, { ...context, bound, macros: context.macros + 1 });
}

/** `a.b["c"]` as `[a, b, c]`; undefined when the node is anything but a chain of names. */
function pathOf(node: ASTNode): string[] | undefined {
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

function childNodes(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childNodes);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}

/** JSON's one number becomes CEL's two: whole numbers are ints, so that `inputs.count + 1` means what it says. */
function toCel(value: Json): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    if (value.length > MAX_LIST_LENGTH) {
      throw new ExpressionError(
        'EXPRESSION_FAILED',
        `A list in an expression has at most ${MAX_LIST_LENGTH} items.`,
      );
    }
    return value.map(toCel);
  }
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toCel(field)]));
}

function toJson(value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    case 'bigint':
      if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) {
        return Number(value);
      }
      break;
    case 'object':
      if (value === null) return null;
      if (Array.isArray(value)) return value.map(toJson);
      if (value instanceof Map) {
        return Object.fromEntries([...value].map(([key, field]) => [String(key), toJson(field)]));
      }
      if (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null) {
        return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toJson(field)]));
      }
      break;
    default:
  }
  throw new ExpressionError(
    'EXPRESSION_FAILED',
    'The result is no JSON value (a number too large, a date or bytes).',
  );
}

function summaryOf(error: unknown): string {
  if (
    typeof error === 'object' &&
    error !== null &&
    'summary' in error &&
    typeof error.summary === 'string'
  ) {
    return error.summary;
  }
  return error instanceof Error ? error.message : String(error);
}

function offsetOf(error: unknown): number {
  if (typeof error === 'object' && error !== null && 'range' in error) {
    const { range } = error as { range?: { start?: number } };
    return range?.start ?? 0;
  }
  return 0;
}
