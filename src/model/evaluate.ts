import type { ASTNode, BinaryOperator } from '@marcbachmann/cel-js';
import type { ExpressionBudget } from './expression-budget.ts';
import { ExpressionCostError, ExpressionError } from './expression-error.ts';
import { FUNCTIONS, MACROS } from './expression-functions.ts';
import { a, compute, isAmong, isEqual, isList, isMap, kindOf, order } from './expression-values.ts';
import type { Json } from './json.ts';

/** The roots an expression may name. */
export type Scope = { readonly [root: string]: Json };

/** A name that a macro gives to the item it looks at. */
interface Bound {
  readonly name: string;
  value: Json;
  readonly outer: Bound | undefined;
}

/** Keys through which a map could reach its prototype. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
/** What a failure costs: making an error takes longer than all else, and a loop can absorb one for each item. */
const FAILURE_UNITS = 250;
/** How many names a message lists. */
const MAX_LISTED = 8;

/**
 * Evaluates a syntax tree that has been checked. The library that parses has no bound on what an evaluation costs and
 * two kinds of numbers; JSON has one, and every visit here is paid for.
 *
 * @throws ExpressionError `EXPRESSION_FAILED`
 */
export function evaluateTree(tree: ASTNode, scope: Scope, budget: ExpressionBudget): Json {
  const result = new Evaluation(scope, budget).value(tree, undefined);
  budget.result(result);
  return result;
}

class Evaluation {
  readonly #scope: Scope;
  readonly #budget: ExpressionBudget;
  /** Errors that say already where they are. */
  readonly #placed = new WeakSet<ExpressionError>();

  constructor(scope: Scope, budget: ExpressionBudget) {
    this.#scope = scope;
    this.#budget = budget;
  }

  /** Errors say where: the innermost part that is known to fail. */
  value(node: ASTNode, bound: Bound | undefined): Json {
    try {
      this.#budget.spend(1);
      return this.#visit(node, bound);
    } catch (error) {
      throw this.#placedAt(error, node);
    }
  }

  #failedAt({ start }: ASTNode, message: string): ExpressionError {
    this.#budget.spend(FAILURE_UNITS);
    const error = new ExpressionError('EXPRESSION_FAILED', message, { offset: start });
    this.#placed.add(error);
    return error;
  }

  #placedAt(error: unknown, node: ASTNode): unknown {
    if (!(error instanceof ExpressionError) || this.#placed.has(error)) return error;
    if (!(error instanceof ExpressionCostError)) this.#budget.spend(FAILURE_UNITS);
    const offset = node.op === '.' ? node.pos : node.start;
    const placed =
      error instanceof ExpressionCostError
        ? new ExpressionCostError(error.message, { offset })
        : new ExpressionError(error.code, error.message, { offset });
    this.#placed.add(placed);
    return placed;
  }

  #visit(node: ASTNode, bound: Bound | undefined): Json {
    switch (node.op) {
      case 'value':
        return literal(node.args);
      case 'id':
        return this.#named(node.args, bound);
      case '.':
        return this.#member(this.value(node.args[0], bound), node.args[1]);
      case '[]':
        return this.#member(this.value(node.args[0], bound), this.value(node.args[1], bound));
      case 'list':
        return node.args.map((item) => this.value(item, bound));
      case 'map':
        return this.#map(node.args, bound);
      case '?:': {
        const [condition, yes, no] = node.args;
        return this.#bool(condition, bound) ? this.value(yes, bound) : this.value(no, bound);
      }
      case '||':
        return this.#decidedBy(true, node.args, bound);
      case '&&':
        return this.#decidedBy(false, node.args, bound);
      case '!_':
        return !this.#bool(node.args, bound);
      case '-_':
        return compute('-', 0, this.value(node.args, bound));
      case 'call':
        return this.#call(node.args[0], undefined, node.args[1], bound);
      case 'rcall':
        return this.#call(node.args[0], node.args[1], node.args[2], bound);
      case '.?':
      case '[?]':
        throw new ExpressionError('EXPRESSION_FAILED', 'Optional values are not known here.');
      case '==':
      case '!=':
      case 'in':
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.#binary(node.op, this.value(node.args[0], bound), this.value(node.args[1], bound));
    }
  }

  #named(name: string, bound: Bound | undefined): Json {
    for (let one = bound; one !== undefined; one = one.outer) if (one.name === name) return one.value;
    const value = Object.hasOwn(this.#scope, name) ? this.#scope[name] : undefined;
    if (value === undefined) {
      throw new ExpressionError('EXPRESSION_FAILED', `There is no \`${name}\` here.`);
    }
    return value;
  }

  #member(of: Json, key: Json): Json {
    if (isMap(of) && typeof key === 'string') {
      const value = Object.hasOwn(of, key) ? of[key] : undefined;
      if (value !== undefined) return value;
      throw new ExpressionError(
        'EXPRESSION_FAILED',
        `There is no \`${key}\` here: ${listed(Object.keys(of))}.`,
      );
    }
    if (isList(of) && typeof key === 'number' && Number.isSafeInteger(key)) {
      const value = key < 0 ? undefined : of[key];
      if (value !== undefined) return value;
      throw new ExpressionError('EXPRESSION_FAILED', `There is no item ${key}: the list has ${of.length}.`);
    }
    const message = `This names no part of ${a(kindOf(of))}: ${a(kindOf(key))}.`;
    throw new ExpressionError('EXPRESSION_FAILED', message);
  }

  #map(entries: readonly (readonly [ASTNode, ASTNode])[], bound: Bound | undefined): Json {
    const made = new Map<string, Json>();
    for (const [keyNode, valueNode] of entries) {
      const key = this.value(keyNode, bound);
      if (typeof key !== 'string' || FORBIDDEN_KEYS.has(key) || made.has(key)) {
        const what = typeof key === 'string' ? `\`${key}\`` : a(kindOf(key));
        const why =
          typeof key === 'string' && made.has(key) ? 'A key stands here twice' : 'This can be no key';
        throw this.#failedAt(keyNode, `${why}: ${what}.`);
      }
      made.set(key, this.value(valueNode, bound));
    }
    return Object.fromEntries(made);
  }

  #bool(node: ASTNode, bound: Bound | undefined): boolean {
    const value = this.value(node, bound);
    if (typeof value === 'boolean') return value;
    throw this.#failedAt(node, `This must be true or false, but is ${a(kindOf(value))}.`);
  }

  /** `&&` and `||`: one side that decides is enough, even where the other fails, as CEL has it. */
  #decidedBy(
    decision: boolean,
    [left, right]: readonly [ASTNode, ASTNode],
    bound: Bound | undefined,
  ): boolean {
    try {
      if (this.#bool(left, bound) === decision) return decision;
    } catch (error) {
      if (!isAbsorbed(error) || this.#bool(right, bound) !== decision) throw error;
      return decision;
    }
    return this.#bool(right, bound);
  }

  #binary(operator: BinaryOperator, left: Json, right: Json): Json {
    switch (operator) {
      case '==':
        return isEqual(left, right, this.#budget);
      case '!=':
        return !isEqual(left, right, this.#budget);
      case 'in':
        return this.#isIn(left, right);
      case '+':
        return this.#sum(left, right);
      case '-':
      case '*':
      case '/':
      case '%':
        return compute(operator, left, right);
      case '<':
        return order(left, right, this.#budget) < 0;
      case '<=':
        return order(left, right, this.#budget) <= 0;
      case '>':
        return order(left, right, this.#budget) > 0;
      case '>=':
        return order(left, right, this.#budget) >= 0;
    }
  }

  #isIn(value: Json, of: Json): boolean {
    if (isList(of)) return isAmong(value, of, this.#budget);
    if (isMap(of) && typeof value === 'string') return Object.hasOwn(of, value);
    const message = `\`in\` cannot be applied to ${a(kindOf(value))} and ${a(kindOf(of))}.`;
    throw new ExpressionError('EXPRESSION_FAILED', message);
  }

  #sum(left: Json, right: Json): Json {
    if (typeof left === 'string' && typeof right === 'string') {
      this.#budget.made(left.length + right.length);
      return left + right;
    }
    if (isList(left) && isList(right)) return this.#budget.walk([...left, ...right]);
    return compute('+', left, right);
  }

  #call(
    name: string,
    receiver: ASTNode | undefined,
    args: readonly ASTNode[],
    bound: Bound | undefined,
  ): Json {
    if (name === 'has') return this.#has(args[0], bound);
    if (receiver !== undefined && Object.hasOwn(MACROS, name)) {
      return this.#macro(name, receiver, args, bound);
    }
    const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (called === undefined) {
      throw new ExpressionError('EXPRESSION_FAILED', `There is no function \`${name}\` here.`);
    }
    const given = receiver === undefined ? args : [receiver, ...args];
    return called.run(
      given.map((arg) => this.value(arg, bound)),
      this.#budget,
    );
  }

  #has(asked: ASTNode | undefined, bound: Bound | undefined): boolean {
    if (asked?.op !== '.') throw new ExpressionError('EXPRESSION_FAILED', 'Write has(a.b).');
    const of = this.value(asked.args[0], bound);
    if (isMap(of)) return Object.hasOwn(of, asked.args[1]) && of[asked.args[1]] !== undefined;
    throw new ExpressionError('EXPRESSION_FAILED', `This has no fields: ${a(kindOf(of))}.`);
  }

  #macro(name: string, receiver: ASTNode, args: readonly ASTNode[], outer: Bound | undefined): Json {
    const [variable, first, second] = args;
    if (variable?.op !== 'id' || first === undefined) {
      throw new ExpressionError('EXPRESSION_FAILED', `Write ${name}(item, …).`);
    }
    const items = this.#items(this.value(receiver, outer));
    const bound: Bound = { name: variable.args, value: null, outer };
    const holds = (item: Json): boolean => {
      bound.value = item;
      return this.#bool(first, bound);
    };
    const made = (item: Json, node: ASTNode): Json => {
      bound.value = item;
      return this.value(node, bound);
    };
    switch (name) {
      case 'all':
        return !this.#some(items, (item) => !holds(item));
      case 'exists':
        return this.#some(items, holds);
      case 'exists_one':
        return items.filter(holds).length === 1;
      case 'filter':
        return items.filter(holds);
      default:
        if (second === undefined) return items.map((item) => made(item, first));
        return items.filter(holds).map((item) => made(item, second));
    }
  }

  #items(value: Json): readonly Json[] {
    if (isList(value)) return this.#budget.walk(value);
    if (isMap(value)) return this.#budget.walk(Object.keys(value));
    throw new ExpressionError('EXPRESSION_FAILED', `This cannot be walked: ${a(kindOf(value))}.`);
  }

  /** One item that decides is enough, even where others fail, as CEL has it. */
  #some(items: readonly Json[], holds: (item: Json) => boolean): boolean {
    let failure: unknown;
    for (const item of items) {
      try {
        if (holds(item)) return true;
      } catch (error) {
        if (!isAbsorbed(error)) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure as ExpressionError;
    return false;
  }
}

function isAbsorbed(error: unknown): boolean {
  return error instanceof ExpressionError && !(error instanceof ExpressionCostError);
}

/** JSON's numbers are exact up to this size; a longer one would silently become another. */
function literal(value: unknown): Json {
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw new ExpressionError(
      'EXPRESSION_FAILED',
      'This whole number is too large to be exact: 9007199254740991 is the largest.',
    );
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0;
  throw new ExpressionError('EXPRESSION_FAILED', 'This is no JSON value.');
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'the map is empty';
  const shown = names.slice(0, MAX_LISTED).map((name) => name.slice(0, 60));
  return `there is ${shown.join(', ')}${names.length > MAX_LISTED ? ' …' : ''}`;
}
