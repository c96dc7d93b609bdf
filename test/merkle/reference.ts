import { leafHash, nodeHash, EMPTY_ROOT, type Hash } from '../../src/merkle/index.ts';

/** The entries of the reference trees of Certificate Transparency. */
export const REFERENCE_ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));

export const REFERENCE_LEAVES = REFERENCE_ENTRIES.map((entry) => leafHash(entry));

export const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');
export const unhex = (text: string): Hash => Buffer.from(text, 'hex');

/** `count` different leaves. */
export function leaves(count: number, seed = ''): readonly Hash[] {
  return Array.from({ length: count }, (_, at) => leafHash(`${seed}${at}`));
}

/** The largest power of two below a number. */
function split(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

/** The tree as RFC 9162 section 2.1.1 defines it, word for word. */
export function definedRoot(hashes: readonly Hash[]): Hash {
  const [first] = hashes;
  if (first === undefined) return EMPTY_ROOT;
  if (hashes.length === 1) return first;
  const half = split(hashes.length);
  return nodeHash(definedRoot(hashes.slice(0, half)), definedRoot(hashes.slice(half)));
}

/** PATH of section 2.1.3.1. */
export function definedPath(index: number, hashes: readonly Hash[]): readonly Hash[] {
  if (hashes.length <= 1) return [];
  const half = split(hashes.length);
  return index < half
    ? [...definedPath(index, hashes.slice(0, half)), definedRoot(hashes.slice(half))]
    : [...definedPath(index - half, hashes.slice(half)), definedRoot(hashes.slice(0, half))];
}

/** SUBPROOF of section 2.1.4.1. */
export function definedProof(from: number, hashes: readonly Hash[], whole = true): readonly Hash[] {
  if (from === 0) return [];
  if (from === hashes.length) return whole ? [] : [definedRoot(hashes)];
  const half = split(hashes.length);
  return from <= half
    ? [...definedProof(from, hashes.slice(0, half), whole), definedRoot(hashes.slice(half))]
    : [...definedProof(from - half, hashes.slice(half), false), definedRoot(hashes.slice(0, half))];
}
