import { hash } from 'node:crypto';

/** A SHA-256 value: 32 bytes. */
export type Hash = Uint8Array;

export const HASH_BYTES = 32;

/** A leaf never has the hash of a node, so that no subtree can pass for an entry (RFC 6962 section 2.1). */
const [LEAF_PREFIX, NODE_PREFIX] = [0x00, 0x01];

/** The root of the tree without entries: SHA-256 of nothing. */
export const EMPTY_ROOT: Hash = hash('sha256', '', 'buffer');

/** The hash of an entry; a text counts as its UTF-8 bytes. */
export function leafHash(entry: Uint8Array | string): Hash {
  const bytes = typeof entry === 'string' ? Buffer.from(entry, 'utf8') : entry;
  const prefixed = Buffer.allocUnsafe(1 + bytes.byteLength);
  prefixed[0] = LEAF_PREFIX;
  prefixed.set(bytes, 1);
  return hash('sha256', prefixed, 'buffer');
}

/** The hash of the node above `left` and `right`. */
export function nodeHash(left: Hash, right: Hash): Hash {
  if (left.byteLength !== HASH_BYTES || right.byteLength !== HASH_BYTES) {
    throw new RangeError(`A node stands above two hashes of ${HASH_BYTES} bytes.`);
  }
  const prefixed = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  prefixed[0] = NODE_PREFIX;
  prefixed.set(left, 1);
  prefixed.set(right, 1 + HASH_BYTES);
  return hash('sha256', prefixed, 'buffer');
}

/** Whether a value from outside is a hash. */
export function isHash(value: unknown): value is Hash {
  return value instanceof Uint8Array && value.byteLength === HASH_BYTES;
}

/** Whether two hashes are the same. They are public, so how long that takes tells nobody anything. */
export function sameHash(one: Hash, other: Hash): boolean {
  return Buffer.compare(one, other) === 0;
}
