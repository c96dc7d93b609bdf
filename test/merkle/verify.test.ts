import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyProof,
  EMPTY_ROOT,
  inclusionProof,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  type Consistency,
  type Hash,
  type Inclusion,
} from '../../src/merkle/index.ts';
import { leaves } from './reference.ts';

const SIZES = Array.from({ length: 64 }, (_, at) => at + 1);
const tree = leaves(64);
const forged = leaves(64, 'forged ');
const roots = [EMPTY_ROOT, ...SIZES.map((size) => rootOf(tree.slice(0, size)))];
const rootAt = (size: number): Hash => roots[size] ?? EMPTY_ROOT;
const leafAt = (index: number): Hash => tree[index] ?? EMPTY_ROOT;

function included(index: number, size: number): Inclusion {
  const proof = inclusionProof(tree, index, size);
  return { leaf: leafAt(index), index, size, proof, root: rootAt(size) };
}

function consistent(from: number, to: number): Consistency {
  const proof = consistencyProof(tree, from, to);
  return { from, fromRoot: rootAt(from), to, toRoot: rootAt(to), proof };
}

describe('an inclusion proof', () => {
  it('holds for every entry of every tree up to 64', () => {
    const failed = SIZES.flatMap((size) =>
      SIZES.slice(0, size).filter((at) => !verifyInclusion(included(at - 1, size))),
    );
    expect(failed).toEqual([]);
  });

  it('holds for no other entry, place or root', () => {
    for (const size of SIZES) {
      for (let index = 0; index < size; index += 1) {
        const right = included(index, size);
        const wrong: Inclusion[] = [
          { ...right, leaf: forged[index] ?? EMPTY_ROOT },
          { ...right, root: rootAt(size - 1) },
          { ...right, proof: [...right.proof, EMPTY_ROOT] },
          { ...right, proof: right.proof.slice(1) },
          { ...right, proof: [...right.proof.slice(0, -1), EMPTY_ROOT] },
          ...SIZES.filter((at) => at - 1 !== index).map((at) => ({ ...right, index: at - 1 })),
        ].filter(({ proof }) => size > 1 || proof.length !== 0);
        expect(wrong.filter(verifyInclusion)).toEqual([]);
      }
    }
  });

  it.each([
    { name: 'a negative index', change: { index: -1 } },
    { name: 'an index of a half', change: { index: 0.5 } },
    { name: 'an index as large as the tree', change: { index: 7 } },
    { name: 'a size of 0', change: { size: 0 } },
    { name: 'a size that is no number', change: { size: Number.NaN } },
    { name: 'a size beyond 2^53', change: { size: 2 ** 60 } },
    { name: 'a leaf of 31 bytes', change: { leaf: Buffer.alloc(31) } },
    { name: 'a root of 33 bytes', change: { root: Buffer.alloc(33) } },
    { name: 'a hash of no bytes', change: { proof: [Buffer.alloc(0)] } },
    { name: 'a million hashes', change: { proof: Array.from({ length: 1_000_000 }, () => EMPTY_ROOT) } },
    { name: 'a size as text', change: { size: '7' } },
    { name: 'no proof', change: { proof: undefined } },
    { name: 'a proof of holes', change: { proof: new Array(3) } },
    { name: 'a leaf as text', change: { leaf: 'a'.repeat(32) } },
  ])('does not hold with $name, and nothing is thrown', ({ change }) => {
    expect(verifyInclusion({ ...included(3, 7), ...change } as Inclusion)).toBe(false);
  });
});

describe('a consistency proof', () => {
  it('holds between all trees up to 64', () => {
    const failed = SIZES.flatMap((to) =>
      [0, ...SIZES].filter((from) => from <= to && !verifyConsistency(consistent(from, to))),
    );
    expect(failed).toEqual([]);
  });

  it('never holds for a tree that begins differently', () => {
    for (const to of SIZES) {
      for (const from of SIZES.slice(0, to)) {
        const fork = [...forged.slice(0, from), ...tree.slice(from)];
        const claim = { ...consistent(from, to), proof: consistencyProof(fork, from, to) };
        const toRoot = rootOf(fork.slice(0, to));
        expect(verifyConsistency({ ...claim, toRoot })).toBe(false);
        expect(verifyConsistency({ ...claim, fromRoot: rootOf(fork.slice(0, from)) })).toBe(false);
      }
    }
  });

  it.each([
    { name: 'sizes the wrong way round', change: { from: 7, to: 3 } },
    { name: 'a negative size', change: { from: -1 } },
    { name: 'a size of a half', change: { to: 7.5 } },
    { name: 'one hash more', change: { proof: [...consistent(3, 7).proof, EMPTY_ROOT] } },
    { name: 'one hash less', change: { proof: consistent(3, 7).proof.slice(1) } },
    { name: 'no hashes', change: { proof: [] } },
    { name: 'a root of 31 bytes', change: { fromRoot: Buffer.alloc(31) } },
    { name: 'nothing', change: { proof: null, fromRoot: null, toRoot: null } },
    { name: 'another root of the same size', change: { from: 7, proof: [] } },
    { name: 'a root of nothing that is something', change: { from: 0, proof: [] } },
    { name: 'a proof from nothing', change: { from: 0, fromRoot: EMPTY_ROOT } },
  ])('does not hold with $name, and nothing is thrown', ({ change }) => {
    expect(verifyConsistency({ ...consistent(3, 7), ...change } as Consistency)).toBe(false);
  });

  it('does not hold after a change of any byte', () => {
    const right = consistent(21, 50);
    fc.assert(
      fc.property(
        fc.nat(right.proof.length - 1),
        fc.nat(31),
        fc.integer({ min: 1, max: 255 }),
        (at, byte, by) => {
          const proof = right.proof.map((hash) => Buffer.from(hash));
          const hash = proof[at];
          if (hash !== undefined) hash[byte] = (hash[byte] ?? 0) ^ by;
          return !verifyConsistency({ ...right, proof });
        },
      ),
    );
  });
});

it('counts beyond 32 bits', () => {
  const proof = leaves(52);
  const root = proof.reduce((hash, neighbour) => nodeHash(hash, neighbour), EMPTY_ROOT);
  const claim = { leaf: EMPTY_ROOT, index: 0, size: 2 ** 52, proof, root };
  expect(verifyInclusion(claim)).toBe(true);
  expect(verifyInclusion({ ...claim, index: 2 ** 40 })).toBe(false);
});
