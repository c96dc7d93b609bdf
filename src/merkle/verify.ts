import { EMPTY_ROOT, isHash, nodeHash, sameHash, type Hash } from './hash.ts';

/** What an inclusion proof claims: the entry with this leaf hash stands at `index` in the tree of `size` entries. */
export interface Inclusion {
  readonly leaf: Hash;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Hash[];
  readonly root: Hash;
}

/** What a consistency proof claims: the tree of `to` entries begins with the tree of `from` entries. */
export interface Consistency {
  readonly from: number;
  readonly fromRoot: Hash;
  readonly to: number;
  readonly toRoot: Hash;
  readonly proof: readonly Hash[];
}

/**
 * Whether an inclusion proof holds (RFC 9162, 2.1.3.2). Whatever it is given, it answers and does not throw: false for
 * everything that is no proof, also for one that is longer than it has to be.
 */
export function verifyInclusion({ leaf, index, size, proof, root }: Inclusion): boolean {
  if (!isHash(leaf) || !isHash(root) || !areHashes(proof)) return false;
  if (!isSize(index) || !isSize(size) || index >= size) return false;
  const way = new Way(index, size - 1);
  let hash = leaf;
  for (const neighbour of proof) {
    if (way.atRoot) return false;
    hash = way.fromRight() ? nodeHash(neighbour, hash) : nodeHash(hash, neighbour);
    way.up();
  }
  return way.atRoot && sameHash(hash, root);
}

/** Whether a consistency proof holds (RFC 9162, 2.1.4.2). Like {@link verifyInclusion} it never throws. */
export function verifyConsistency({ from, fromRoot, to, toRoot, proof }: Consistency): boolean {
  if (!isHash(fromRoot) || !isHash(toRoot) || !areHashes(proof)) return false;
  if (!isSize(from) || !isSize(to) || from > to) return false;
  if (from === to || from === 0) {
    if (proof.length > 0 || (from === 0 && !sameHash(fromRoot, EMPTY_ROOT))) return false;
    return to > from || sameHash(fromRoot, toRoot);
  }
  const way = new Way(from - 1, to - 1);
  way.skipRightTurns();
  // When the older tree is one perfect subtree, the way starts at its root, which the proof need not repeat.
  const [start, ...rest] = way.atLeftEdge ? [fromRoot, ...proof] : proof;
  if (start === undefined) return false;
  let [older, newer] = [start, start];
  for (const neighbour of rest) {
    if (way.atRoot) return false;
    if (way.fromRight()) {
      older = nodeHash(neighbour, older);
      newer = nodeHash(neighbour, newer);
    } else {
      newer = nodeHash(newer, neighbour);
    }
    way.up();
  }
  return way.atRoot && sameHash(older, fromRoot) && sameHash(newer, toRoot);
}

/** The way from a node up to the root; numbers are divided and not shifted, since shifting ends at 32 bits. */
class Way {
  #node: number;
  #last: number;

  constructor(node: number, last: number) {
    this.#node = node;
    this.#last = last;
  }

  get atRoot(): boolean {
    return this.#last === 0;
  }

  get atLeftEdge(): boolean {
    return this.#node === 0;
  }

  /** Whether the next neighbour stands on the left. A last node without a neighbour moves up until it has one. */
  fromRight(): boolean {
    if (this.#node % 2 === 0 && this.#node !== this.#last) return false;
    while (this.#node % 2 === 0 && this.#node !== 0) this.up();
    return true;
  }

  skipRightTurns(): void {
    while (this.#node % 2 === 1) this.up();
  }

  up(): void {
    this.#node = Math.floor(this.#node / 2);
    this.#last = Math.floor(this.#last / 2);
  }
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** The longest proof a tree of 2^53 entries can need, with room; nothing longer is looked at. */
const MAX_PROOF_HASHES = 64;

function areHashes(value: unknown): value is readonly Hash[] {
  if (!Array.isArray(value) || value.length > MAX_PROOF_HASHES) return false;
  // A copy has no holes, which `every` would pass over.
  return Array.from<unknown>(value).every(isHash);
}
