import type { Json } from '../../model/json.ts';
import type { Range } from '../source-text.ts';

/** A runbook's YAML, reduced to what the language needs: values, and where they stand. */
export type Node = ScalarNode | ListNode | MapNode;

export interface ScalarNode extends Range {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly style: 'plain' | 'single' | 'double' | 'block';
  /** As written, without quotes: `012` where the value is 12. */
  readonly written: string;
}

export interface ListNode extends Range {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode extends Range {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly key: string;
  readonly at: Range;
  readonly value: Node;
}

/** What a node is, for messages. */
export function describe(node: Node): string {
  switch (node.kind) {
    case 'list':
      return 'a list';
    case 'map':
      return 'a map';
    case 'scalar':
      if (node.value === null) return 'nothing';
      return typeof node.value === 'string' ? 'a text' : `the ${typeof node.value} ${node.written}`;
  }
}

/** Every scalar in a node, in the order of the file. */
export function* scalarsIn(node: Node): Generator<ScalarNode> {
  switch (node.kind) {
    case 'scalar':
      yield node;
      return;
    case 'list':
      for (const item of node.items) yield* scalarsIn(item);
      return;
    case 'map':
      for (const { value } of node.entries.values()) yield* scalarsIn(value);
  }
}

/** The node at a path inside another, or the deepest one on the way to it. */
export function nodeAt(node: Node, path: readonly PropertyKey[]): Node {
  const [step, ...rest] = path;
  if (step === undefined) return node;
  const child =
    node.kind === 'map'
      ? node.entries.get(String(step))?.value
      : node.kind === 'list'
        ? node.items[Number(step)]
        : undefined;
  return child === undefined ? node : nodeAt(child, rest);
}

/** The JSON value of a node; keys are its own, whatever they are called. */
export function valueOf(node: Node): Json {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(valueOf);
    case 'map':
      return Object.fromEntries([...node.entries.values()].map(({ key, value }) => [key, valueOf(value)]));
  }
}
