import { z } from 'zod';
import { specOf, type ActionName } from '../../catalog/index.ts';
import { didYouMean } from '../../model/suggest.ts';
import { isLoneTemplate } from '../../model/template.ts';
import type { Reporter } from '../diagnostics.ts';
import type { UsesDraft } from '../shape/draft.ts';
import { booleanHint } from '../shape/values.ts';
import { nodeAt, scalarsIn, valueOf, type Node, type ScalarNode } from '../yaml/tree.ts';
import type { Expressions } from './expressions.ts';
import type { Place } from './places.ts';
import { typeOfJson, typeOfSchema } from './types/declared.ts';
import { describeType, mayFit, type Type } from './types/type.ts';

interface Context {
  readonly expressions: Expressions;
  readonly report: Reporter;
}

/**
 * Checks what a step gives to its action against the catalog: literal values wholly, values with `${{ }}` as far as
 * their kind is known.
 */
export function checkWith(
  body: UsesDraft & { action: ActionName },
  place: Place,
  { expressions, report }: Context,
): void {
  const { action, withNode } = body;
  const shape: Record<string, z.ZodType> = specOf(action).input.shape;
  if (withNode !== undefined && withNode.kind !== 'map') return;
  const given = withNode?.entries;
  const checker = new WithChecker((text) => expressions.typeOf(text, place), report);
  for (const { key, at, value } of given?.values() ?? []) {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (schema !== undefined) checker.check(schema, value, key);
    else {
      const hint = () => didYouMean(key, Object.keys(shape)) ?? `It takes ${Object.keys(shape).join(', ')}.`;
      report.add('UNKNOWN_KEY', at, `\`${action}\` takes no \`${key}\`.`, hint);
    }
  }
  for (const [key, schema] of Object.entries(shape)) {
    if (given?.has(key) === true || schema.safeParse(undefined).success) continue;
    const hint = z.globalRegistry.get(schema)?.description;
    report.add(
      'REQUIRED',
      withNode ?? body.uses.node,
      `\`${action}\` needs \`${key}\`.`,
      hint && `It is ${hint}.`,
    );
  }
}

class WithChecker {
  readonly #typeOf: (text: string) => Type | undefined;
  readonly #report: Reporter;

  constructor(typeOf: (text: string) => Type | undefined, report: Reporter) {
    this.#typeOf = typeOf;
    this.#report = report;
  }

  check(schema: z.ZodType, node: Node, name: string): void {
    if (![...scalarsIn(node)].some(isTemplate)) {
      this.#checkLiteral(schema, node, name);
      return;
    }
    const inner = unwrapped(schema);
    if (node.kind === 'list' && inner instanceof z.ZodArray) {
      for (const item of node.items) this.check(inner.element as z.ZodType, item, name);
    } else if (node.kind === 'map' && inner instanceof z.ZodObject) {
      const shape: Record<string, z.ZodType> = inner.shape;
      for (const { key, value } of node.entries.values()) {
        const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
        if (field !== undefined) this.check(field, value, `${name}.${key}`);
      }
    } else {
      checkGiven(node, { name, wanted: typeOfSchema(inner), typeOf: this.#typeOf }, this.#report);
    }
  }

  #checkLiteral(schema: z.ZodType, node: Node, name: string): void {
    const result = schema.safeParse(valueOf(node));
    if (result.success) return;
    for (const issue of result.error.issues) {
      const at = nodeAt(node, issue.path);
      const code = issue.code === 'invalid_type' || issue.code === 'custom' ? 'TYPE' : 'VALUE';
      const message = issue.message.replace(/^Invalid input: /, '');
      this.#report.add(code, at, `\`${[name, ...issue.path].join('.')}\`: ${message}.`, booleanHint(at));
    }
  }
}

/** Checks the type of a value with templates in it, as far as it is known. */
export function checkGiven(
  node: Node,
  { name, wanted, typeOf }: { name: string; wanted: Type; typeOf: (text: string) => Type | undefined },
  report: Reporter,
): void {
  const text = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  // What is inside a list or a map with templates is not known: they are texts as long as they are written.
  const given = text === undefined ? { kinds: typeOfJson(valueOf(node)).kinds } : typeOf(text);
  if (given === undefined || mayFit(given, wanted)) return;
  const isMixed = text !== undefined && !isLoneTemplate(text);
  const message = `\`${name}\` is ${describeType(wanted)}, but this is ${describeType(given)}.`;
  report.add('TYPE', node, message, isMixed ? 'Text around `${{ }}` makes a text of it.' : undefined);
}

function isTemplate({ value }: ScalarNode): boolean {
  return typeof value === 'string' && value.includes('${{');
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? unwrapped(schema.unwrap())
    : schema;
}
