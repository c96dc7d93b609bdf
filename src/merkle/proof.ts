import { nodeHash, type Hash } from './hash.ts';

/** The tree level by level, leaves first; the last hash of an odd level moves up as it is. */
type Levels = readonly (readonly Hash[])[];

/**
 * The hashes that lead from one entry up to the root of the tree of the first `size` entries (RFC 9162, 2.1.3.1).
 *
 * @throws RangeError when there is no such entry in a tree of this size
 */
export function inclusionProof(leafHashes: readonly Hash[], index: number, size: number): readonly Hash[] {
  return inclusionProofs(leafHashes, [index], size)[0] ?? [];
}

/** One inclusion proof for each of `indexes`, in their order; hashes the tree only once. */
export function inclusionProofs(
  leafHashes: readonly Hash[],
  indexes: readonly number[],
  size: number,
): readonly (readonly Hash[])[] {
  assertSize(leafHashes, size);
  for (const index of indexes) {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`A tree of ${size} has no entry ${index}.`);
    }
  }
  const levels = levelsOf(leafHashes, size);
  return indexes.map((index) => pathUp(levels, index, 0));
}

/**
 * The hashes that show that the tree of the first `to` entries begins with the tree of the first `from` (RFC 9162,
 * 2.1.4.1). Empty when they are the same tree, and when `from` is 0.
 *
 * @throws RangeError when `leafHashes` has not that many entries, or `from` is larger than `to`
 */
export function consistencyProof(leafHashes: readonly Hash[], from: number, to: number): readonly Hash[] {
  assertSize(leafHashes, to);
  if (!Number.isSafeInteger(from) || from < 0 || from > to) {
    throw new RangeError(`A tree of ${to} does not begin with a tree of ${from}.`);
  }
  if (from === 0 || from === to) return [];
  const levels = levelsOf(leafHashes, to);
  // The last perfect subtree of the older tree is a node of the newer one: both roots are reached from there.
  let [level, last] = [0, from - 1];
  while (last % 2 === 1) [level, last] = [level + 1, Math.floor(last / 2)];
  const subtree = levels[level]?.[last];
  // The first of its level is the whole older tree: who checks knows its root.
  return [...(last === 0 || subtree === undefined ? [] : [subtree]), ...pathUp(levels, last, level)];
}

function assertSize(leafHashes: readonly Hash[], size: number): void {
  if (!Number.isSafeInteger(size) || size < 0 || size > leafHashes.length) {
    throw new RangeError(`There are ${leafHashes.length} entries, not ${size}.`);
  }
}

function levelsOf(leafHashes: readonly Hash[], size: number): Levels {
  let level: readonly Hash[] = leafHashes.slice(0, size);
  const levels = [level];
  while (level.length > 1) {
    level = above(level);
    levels.push(level);
  }
  return levels;
}

function above(level: readonly Hash[]): readonly Hash[] {
  const nodes: Hash[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at], level[at + 1]];
    if (left !== undefined) nodes.push(right === undefined ? left : nodeHash(left, right));
  }
  return nodes;
}

/** The neighbours of a node and of all nodes above it; a node that has none moves up without a hash. */
function pathUp(levels: Levels, start: number, startLevel: number): readonly Hash[] {
  const path: Hash[] = [];
  let at = start;
  for (const level of levels.slice(startLevel)) {
    const neighbour = level[at % 2 === 1 ? at - 1 : at + 1];
    if (neighbour !== undefined) path.push(neighbour);
    at = Math.floor(at / 2);
  }
  return path;
}
