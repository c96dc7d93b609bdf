import { EMPTY_ROOT, isHash, nodeHash, type Hash } from './hash.ts';

/**
 * What has to be known of a tree to append to it and to know its root: the hashes of its perfect subtrees, the largest
 * (and oldest) first. A tree of 13 entries has three, of 8, 4 and 1. Plain data, at most 53 hashes.
 */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Hash[];
}

/** The tree without entries. */
export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

/**
 * The frontier after one more entry with this leaf hash.
 *
 * @throws RangeError when the frontier is none, or the hash has not 32 bytes
 */
export function appended(frontier: Frontier, leaf: Hash): Frontier {
  const hashes = checked(frontier);
  if (!isHash(leaf)) throw new RangeError('A leaf hash has 32 bytes.');
  if (frontier.size >= Number.MAX_SAFE_INTEGER) throw new RangeError('The tree is full.');
  push(hashes, frontier.size, leaf);
  return { size: frontier.size + 1, hashes };
}

/** The root of the tree with this frontier. */
export function rootOfFrontier(frontier: Frontier): Hash {
  return fold(checked(frontier));
}

/** The root of the tree over these leaf hashes. */
export function rootOf(leafHashes: readonly Hash[]): Hash {
  const hashes: Hash[] = [];
  leafHashes.forEach((leaf, size) => push(hashes, size, leaf));
  return fold(hashes);
}

/** Each 1 at the end of the size is a perfect subtree as large as the one that grows; two of a size become one. */
function push(hashes: Hash[], size: number, leaf: Hash): void {
  let grown = leaf;
  for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    const left = hashes.pop();
    if (left !== undefined) grown = nodeHash(left, grown);
  }
  hashes.push(grown);
}

function fold(hashes: readonly Hash[]): Hash {
  return hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => nodeHash(left, right));
}

function checked({ size, hashes }: Frontier): Hash[] {
  if (!Number.isSafeInteger(size) || size < 0 || hashes.length !== ones(size) || !hashes.every(isHash)) {
    throw new RangeError(`These are not the hashes of the perfect subtrees of a tree of ${size}.`);
  }
  return [...hashes];
}

/** How many bits of a number are 1: a tree has one perfect subtree for each. */
function ones(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
