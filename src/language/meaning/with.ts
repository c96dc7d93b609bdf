import { z } from 'zod';
import { specOf, type ActionName } from '../../catalog/index.ts';
import type { InputSpec } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Draft, UsesDraft } from '../shape/draft.ts';
import { notYet } from '../shape/fields.ts';
import { booleanHint } from '../shape/values.ts';
import { laterInputsOf } from '../shape/vocabulary.ts';
import { didYouMean } from '../../model/suggest.ts';
import { nodeAt, scalarsIn, valueOf, type Node, type ScalarNode } from '../yaml/tree.ts';

/** `${{ inputs.x }}` and nothing else: its type is known before the run. */
const LONE_INPUT = /^\$\{\{\s*inputs\.([a-zA-Z0-9_]+)\s*\}\}$/;
const LONE_TEMPLATE = /^\$\{\{((?!\}\}).)*\}\}$/s;

type Kind = 'text' | 'number' | 'boolean' | 'list' | 'map' | 'any';
const KIND_OF_INPUT = {
  string: 'text',
  duration: 'text',
  vroPlan: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  list: 'list',
  object: 'map',
} as const satisfies Record<InputSpec['type'], Kind>;

/**
 * Checks what a step gives to its action against the catalog: literal values wholly, values with `${{ }}` as far as
 * their kind is known.
 */
export function checkWith(body: UsesDraft & { action: ActionName }, draft: Draft, report: Reporter): void {
  const { action, withNode } = body;
  const shape: Record<string, z.ZodType> = specOf(action).input.shape;
  if (withNode !== undefined && withNode.kind !== 'map') return;
  const given = withNode?.entries;
  for (const { key, at, value } of given?.values() ?? []) {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (schema !== undefined) new WithChecker(draft, report).check(schema, value, key);
    else if (laterInputsOf(action).includes(key)) report.add('NOT_YET', at, notYet(key));
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
  readonly #draft: Draft;
  readonly #report: Reporter;

  constructor(draft: Draft, report: Reporter) {
    this.#draft = draft;
    this.#report = report;
  }

  check(schema: z.ZodType, node: Node, name: string): void {
    if (![...scalarsIn(node)].some(isTemplate)) {
      this.#checkLiteral(schema, node, name);
      return;
    }
    const inner = unwrapped(schema);
    const kind = kindOf(inner);
    const given = this.#kindOf(node);
    if (kind !== 'any' && given !== 'any' && kind !== given) {
      const hint =
        given === 'text' && node.kind === 'scalar' && !LONE_TEMPLATE.test(String(node.value))
          ? 'Text around `${{ }}` makes a text of it.'
          : undefined;
      this.#report.add('TYPE', node, `\`${name}\` is a ${kind}, but this is a ${given}.`, hint);
    } else if (node.kind === 'list' && inner instanceof z.ZodArray) {
      for (const item of node.items) this.check(inner.element as z.ZodType, item, name);
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

  #kindOf(node: Node): Kind {
    if (node.kind !== 'scalar') return node.kind;
    const input = this.#draft.inputs.get(LONE_INPUT.exec(String(node.value))?.[1] ?? '');
    if (input !== undefined) return KIND_OF_INPUT[input.value.type];
    return LONE_TEMPLATE.test(String(node.value).trim()) ? 'any' : 'text';
  }
}

function isTemplate({ value }: ScalarNode): boolean {
  return typeof value === 'string' && value.includes('${{');
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? unwrapped(schema.unwrap())
    : schema;
}

function kindOf(schema: unknown): Kind {
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat || schema instanceof z.ZodEnum) {
    return 'text';
  }
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodArray) return 'list';
  return schema instanceof z.ZodObject ? 'map' : 'any';
}
