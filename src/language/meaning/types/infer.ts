import type { ExpressionNode } from '../../../model/expression.ts';
import { didYouMean } from '../../../model/suggest.ts';
import type { Hint } from '../../diagnostics.ts';
import { FUNCTIONS, METHODS, type Signature } from './functions.ts';
import { typeOfOperator } from './operators.ts';
import {
  ANYTHING,
  BOOLEAN,
  BOOLEAN_TYPE,
  describeType,
  either,
  FRACTION,
  itemsOf,
  LIST,
  listOf,
  MAP,
  mapTo,
  mapWith,
  NULL,
  NUMBER,
  TEXT,
  TEXT_TYPE,
  WHOLE,
  WHOLE_TYPE,
  type Type,
} from './type.ts';

/** What is wrong with the types of an expression, and where in it. */
export interface TypeProblem {
  readonly code: 'EXPRESSION_TYPE' | 'UNKNOWN_REFERENCE';
  readonly message: string;
  readonly hint?: Hint;
  readonly start: number;
  readonly end: number;
}

/** What the names that an expression begins with stand for. */
export type TypeOfName = (name: string) => Type | undefined;

/** The type of what an expression yields. What is wrong in it is told once; from there on it may be anything. */
export function inferType(
  tree: ExpressionNode,
  names: TypeOfName,
  found: (problem: TypeProblem) => void,
): Type {
  return new Inference(names, found).of(tree);
}

class Inference {
  readonly #names: TypeOfName;
  readonly #found: (problem: TypeProblem) => void;

  constructor(names: TypeOfName, found: (problem: TypeProblem) => void) {
    this.#names = names;
    this.#found = found;
  }

  of(node: ExpressionNode): Type {
    switch (node.op) {
      case 'value':
        return typeOfLiteral(node.args);
      case 'id':
        return this.#names(node.args) ?? ANYTHING;
      case '.':
        return this.#field(node, this.of(node.args[0]), node.args[1]);
      case '[]':
        return this.#item(node, this.of(node.args[0]), node.args[1]);
      case 'call':
        // What `has` is asked about need not be there.
        if (node.args[0] === 'has') return BOOLEAN_TYPE;
        return this.#call(node, FUNCTIONS[node.args[0]], node.args[1]);
      case 'rcall':
        return this.#method(node, node.args);
      case 'list':
        return this.#list(node.args);
      case 'map':
        return this.#map(node.args);
      case '?:': {
        const [condition, yes, no] = node.args;
        this.#wantBoolean(condition, 'What stands before `?`');
        return either(this.of(yes), this.of(no));
      }
      case '&&':
      case '||':
        for (const side of node.args) this.#wantBoolean(side, `Each side of \`${node.op}\``);
        return BOOLEAN_TYPE;
      case '!_':
        this.#wantBoolean(node.args, 'What stands behind `!`');
        return BOOLEAN_TYPE;
      case '-_': {
        const type = this.of(node.args);
        if ((type.kinds & NUMBER) !== 0) return { kinds: type.kinds & NUMBER };
        return this.#wrong(node, `\`-\` takes a number, but this is ${describeType(type)}.`);
      }
      // Not switched on.
      case '.?':
      case '[?]':
        return ANYTHING;
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
      case 'in':
      case '+':
      case '-':
      case '*':
      case '/':
      case '%': {
        const result = typeOfOperator(node.op, this.of(node.args[0]), this.of(node.args[1]));
        return 'message' in result ? this.#wrong(node, result.message, result.hint) : result;
      }
    }
  }

  #field(node: ExpressionNode, { kinds, fields, of }: Type, name: string): Type {
    if ((kinds & MAP) === 0) {
      return this.#wrong(node, `\`.${name}\` asks for a field, but ${describeType({ kinds })} has none.`);
    }
    if (fields === undefined || (kinds & ~(MAP | NULL)) !== 0) return of ?? ANYTHING;
    const field = fields.get(name);
    if (field !== undefined) return field;
    const message = `\`${textOf(node)}\` does not exist.`;
    const hint: Hint = () => {
      const names = [...fields.keys()];
      return didYouMean(name, names) ?? (names.length <= 12 ? `There are ${names.join(', ')}.` : undefined);
    };
    this.#found({ code: 'UNKNOWN_REFERENCE', message, hint, start: node.start, end: node.end });
    return ANYTHING;
  }

  #item(node: ExpressionNode, type: Type, index: ExpressionNode): Type {
    if (index.op === 'value' && typeof index.args === 'string' && (type.kinds & LIST) === 0) {
      return this.#field(node, type, index.args);
    }
    const at = this.of(index);
    if ((type.kinds & (LIST | MAP)) === 0) {
      return this.#wrong(node, `\`[…]\` reaches into a list or a map, but this is ${describeType(type)}.`);
    }
    const wanted = ((type.kinds & LIST) === 0 ? 0 : WHOLE) | ((type.kinds & MAP) === 0 ? 0 : TEXT);
    if ((at.kinds & wanted) === 0) {
      const message = `\`[…]\` takes ${describeType({ kinds: wanted })} here, but this is ${describeType(at)}.`;
      return this.#wrong(index, message);
    }
    return type.of ?? ANYTHING;
  }

  #list(items: readonly ExpressionNode[]): Type {
    const [first, ...rest] = items.map((item) => this.of(item));
    return listOf(first === undefined ? ANYTHING : rest.reduce(either, first));
  }

  #map(entries: readonly (readonly [ExpressionNode, ExpressionNode])[]): Type {
    const fields = new Map<string, Type>();
    for (const [key, value] of entries) {
      const type = this.of(value);
      const name = this.of(key);
      if ((name.kinds & TEXT) === 0) this.#wrong(key, `A key is a text, but this is ${describeType(name)}.`);
      if (key.op === 'value' && typeof key.args === 'string') fields.set(key.args, type);
    }
    return fields.size === entries.length ? mapWith(fields) : mapTo(ANYTHING);
  }

  #method(
    node: ExpressionNode,
    [name, receiver, args]: readonly [string, ExpressionNode, readonly ExpressionNode[]],
  ): Type {
    switch (name) {
      case 'all':
      case 'exists':
      case 'exists_one':
      case 'filter':
      case 'map':
        return this.#walk(name, receiver, args);
      default:
        return this.#call(node, METHODS[name], [receiver, ...args]);
    }
  }

  /** A macro that walks a list: `list.all(item, …)`. */
  #walk(
    name: 'all' | 'exists' | 'exists_one' | 'filter' | 'map',
    receiver: ExpressionNode,
    [variable, ...bodies]: readonly ExpressionNode[],
  ): Type {
    const list = this.of(receiver);
    if ((list.kinds & (LIST | MAP)) === 0) {
      return this.#wrong(receiver, `\`${name}\` walks a list, but this is ${describeType(list)}.`);
    }
    const item = itemsOf(list);
    const bound = variable?.op === 'id' ? variable.args : undefined;
    const inner = new Inference((id) => (id === bound ? item : this.#names(id)), this.#found);
    const last = bodies.at(-1);
    const tests = name === 'map' ? bodies.slice(0, -1) : bodies;
    for (const test of tests) inner.#wantBoolean(test, `What \`${name}\` asks of each item`);
    if (name === 'filter') return listOf(item);
    if (name !== 'map') return BOOLEAN_TYPE;
    return listOf(last === undefined ? ANYTHING : inner.of(last));
  }

  #call(node: ExpressionNode, signature: Signature | undefined, args: readonly ExpressionNode[]): Type {
    const types = args.map((arg) => this.of(arg));
    if (signature === undefined) return ANYTHING;
    const { takes, gives } = signature;
    for (const [index, type] of types.entries()) {
      const kinds = takes[index] ?? ANYTHING.kinds;
      if ((type.kinds & kinds) !== 0) continue;
      const message = `\`${textOf(node)}\` takes ${describeType({ kinds })}, but gets ${describeType(type)}.`;
      return this.#wrong(args[index] ?? node, message);
    }
    return gives;
  }

  #wantBoolean(node: ExpressionNode, what: string): void {
    const type = this.of(node);
    if ((type.kinds & BOOLEAN) !== 0) return;
    this.#wrong(node, `${what} is true or false, but this is ${describeType(type)}.`);
  }

  #wrong({ start, end }: ExpressionNode, message: string, hint?: Hint): Type {
    this.#found({ code: 'EXPRESSION_TYPE', message, hint, start, end });
    return ANYTHING;
  }
}

function typeOfLiteral(value: unknown): Type {
  switch (typeof value) {
    case 'string':
      return TEXT_TYPE;
    case 'bigint':
      return WHOLE_TYPE;
    case 'number':
      return { kinds: Number.isSafeInteger(value) ? WHOLE : FRACTION };
    case 'boolean':
      return BOOLEAN_TYPE;
    default:
      return value === null ? { kinds: NULL } : ANYTHING;
  }
}

/** A part of an expression as it is written, so long as fits into a sentence. */
function textOf({ input, start, end }: ExpressionNode): string {
  const text = input.slice(start, end);
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
