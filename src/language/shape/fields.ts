import type { Reporter } from '../diagnostics.ts';
import type { Range } from '../source-text.ts';
import { didYouMean } from '../../model/suggest.ts';
import { describe, type Entry, type MapNode, type Node } from '../yaml/tree.ts';
import type { Keys } from './vocabulary.ts';

/** A map whose keys have been checked. */
export interface Fields {
  readonly node: MapNode;
  /** Where to point at when the map as a whole is meant: its first key. */
  readonly at: Range;
  get(key: string): Entry | undefined;
  /** Like `get`, but says so when the key is missing. */
  need(key: string, hint?: string): Entry | undefined;
}

/** Opens a map that has a fixed set of keys; whatever else stands in it is reported. */
export function openMap(node: Node, { what, keys, later = [] }: Keys, report: Reporter): Fields | undefined {
  if (node.kind !== 'map') {
    report.add('SHAPE', node, `${capital(what)} is a map, but this is ${describe(node)}.`);
    return undefined;
  }
  for (const { key, at } of node.entries.values()) {
    if (keys.includes(key)) continue;
    if (later.includes(key)) report.add('NOT_YET', at, notYet(key));
    else {
      report.add('UNKNOWN_KEY', at, `\`${key}\` is no key of ${what}.`, () =>
        didYouMean(key, [...keys, ...later]),
      );
    }
  }
  const [first] = node.entries.values();
  const at = first?.at ?? node;
  return {
    node,
    at,
    get: (key) => node.entries.get(key),
    need(key, hint) {
      const entry = node.entries.get(key);
      if (entry === undefined) report.add('REQUIRED', at, `${capital(what)} needs \`${key}\`.`, hint);
      return entry;
    },
  };
}

/** The items of a list. */
export function openList(node: Node, what: string, report: Reporter): readonly Node[] | undefined {
  if (node.kind === 'list') return node.items;
  report.add('SHAPE', node, `${capital(what)} is a list, but this is ${describe(node)}.`);
  return undefined;
}

/** The sentence for what a later version will know. */
export function notYet(word: string): string {
  return `\`${word}\` is part of the language, but this version of muster does not have it yet.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
