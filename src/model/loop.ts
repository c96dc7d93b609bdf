import type { Json } from './json.ts';
import { childrenOf, type BlockStep, type CompiledRunbook, type ForEachStep, type Step } from './runbook.ts';

/** Each item has a record for each of its steps, and a run carries them all. */
export const MAX_LOOP_ITEMS = 1_000;
/** How many items may be under way at a time: each has activities, and the servers have limits of their own. */
export const MAX_LOOP_CONCURRENCY = 50;
/** Keys stand in paths, which people type. */
const MAX_KEY_LENGTH = 100;

/** An item of a list, by the name it has in paths and expressions. */
export interface LoopItem {
  readonly key: string;
  readonly item: Json;
}

/** What a loop does for one item: a block of its own, whose path ends with the item's key. */
export interface Iteration extends LoopItem {
  readonly loop: ForEachStep;
  readonly block: BlockStep;
}

/** Names the items of a list. Answers what is wrong with it, as a sentence, instead when something is. */
export function nameItems(list: Json, keyOf: (item: Json) => Json): readonly LoopItem[] | string {
  if (!Array.isArray(list)) return '`items` yields no list.';
  const values = list as readonly Json[];
  if (values.length > MAX_LOOP_ITEMS) {
    return `\`items\` yields ${values.length} items, and a loop takes at most ${MAX_LOOP_ITEMS}.`;
  }
  const seen = new Set<string>();
  const items: LoopItem[] = [];
  for (const [index, item] of values.entries()) {
    const value = keyOf(item);
    const key = typeof value === 'number' ? String(value) : value;
    if (typeof key !== 'string' || key.trim() === '' || key.length > MAX_KEY_LENGTH || !isWellFormed(key)) {
      return `The key of item ${index + 1} is no text of 1 to ${MAX_KEY_LENGTH} characters.`;
    }
    if (seen.has(key)) return `Two items have the key "${key}"; keys are unique in a loop.`;
    seen.add(key);
    items.push({ key, item });
  }
  return items;
}

/** Half a character cannot be put into a path. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** A key as a part of a path: whatever could be read as something else, by people or by a shell, is escaped. */
export function pathPartOf(key: string): string {
  const escaped = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  // Dots alone mean a folder wherever a path becomes part of a URL.
  const signs = /^\.+$/.test(key) ? /\./g : /[!'()*~]/g;
  return encodeURIComponent(key).replaceAll(signs, escaped);
}

/** The steps of a loop for one item. */
export function iterationOf(loop: ForEachStep, { key, item }: LoopItem): Iteration {
  const path = `${loop.path}/${pathPartOf(key)}`;
  const steps = loop.steps.map((step) => moved(step, loop.path, path));
  return { loop, key, item, block: { kind: 'steps', id: loop.id, path, title: key, steps } };
}

/** A step, and all in it, as if it stood at `to` instead of `from`. */
function moved(step: Step, from: string, to: string): Step {
  const path = movedPath(step.path, from, to);
  const move = (child: Step): Step => moved(child, from, to);
  switch (step.kind) {
    case 'steps':
    case 'forEach':
      return { ...step, path, steps: step.steps.map(move) };
    case 'parallel':
      return { ...step, path, branches: step.branches.map(move) };
    case 'approval':
      return { ...step, path, covers: step.covers.map((covered) => movedPath(covered, from, to)) };
    case 'uses': {
      const { rollback } = step;
      if (rollback === undefined) return { ...step, path };
      return { ...step, path, rollback: { ...rollback, path: movedPath(rollback.path, from, to) } };
    }
    case 'manual':
    case 'wait':
    case 'check':
    case 'runbook':
      return { ...step, path };
  }
}

/** `path` with `to` in place of `from`, when it lies below that. */
export function movedPath(path: string, from: string, to: string): string {
  return path.startsWith(`${from}/`) ? `${to}${path.slice(from.length)}` : path;
}

/** The step of a runbook, as it is written, that a path of a run means: `tokens/srv1/issue` means `tokens/issue`. */
export function stepAt({ steps, cleanup, always }: CompiledRunbook, path: string): Step | undefined {
  for (const step of [...steps, ...cleanup, ...always]) {
    const found = stepBelow(step, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function stepBelow(step: Step, path: string): Step | undefined {
  if (step.path === path) return step;
  if (!path.startsWith(`${step.path}/`)) return undefined;
  if (step.kind === 'uses' && step.rollback?.path === path) return step.rollback;
  const inside = step.kind === 'forEach' ? withoutKey(path, step.path) : path;
  for (const child of childrenOf(step)) {
    const found = inside === undefined ? undefined : stepBelow(child, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `tokens/srv1/issue` without the key behind `tokens`; undefined for an iteration as a whole. */
function withoutKey(path: string, loop: string): string | undefined {
  const end = path.indexOf('/', loop.length + 1);
  return end === -1 ? undefined : `${loop}${path.slice(end)}`;
}
