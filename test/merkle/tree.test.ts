import { describe, expect, it } from 'vitest';
import {
  appended,
  consistencyProof,
  EMPTY_FRONTIER,
  inclusionProof,
  inclusionProofs,
  leafHash,
  nodeHash,
  rootOf,
  rootOfFrontier,
  type Frontier,
} from '../../src/merkle/index.ts';
import { definedPath, definedProof, definedRoot, hex, leaves, REFERENCE_LEAVES } from './reference.ts';

const MANY = 100_000;
const SIZES = Array.from({ length: 65 }, (_, size) => size);
const tree = leaves(64);

/** Published with the test suites of Certificate Transparency. */
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const A = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const B = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const C = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const D = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const E = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const F = 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7';
const G = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';
const [ONE, TWO] = [ROOTS[1] ?? '', ROOTS[2] ?? ''];

function frontierOf(hashes: readonly Uint8Array[]): Frontier {
  return hashes.reduce<Frontier>((frontier, leaf) => appended(frontier, leaf), EMPTY_FRONTIER);
}

describe('the reference vectors', () => {
  it.each(ROOTS.map((root, size) => ({ root, size })))('have this root at size $size', ({ root, size }) => {
    expect(hex(rootOf(REFERENCE_LEAVES.slice(0, size)))).toBe(root);
    expect(hex(rootOfFrontier(frontierOf(REFERENCE_LEAVES.slice(0, size))))).toBe(root);
  });

  it.each([
    { index: 0, size: 1, proof: [] },
    { index: 0, size: 2, proof: [A] },
    { index: 1, size: 2, proof: [ONE] },
    { index: 2, size: 3, proof: [TWO] },
    { index: 1, size: 5, proof: [ONE, B, D] },
    { index: 0, size: 8, proof: [A, B, C] },
    { index: 5, size: 8, proof: [D, E, F] },
  ])('have this inclusion proof of $index in $size', ({ index, size, proof }) => {
    expect(inclusionProof(REFERENCE_LEAVES, index, size).map(hex)).toEqual(proof);
  });

  it.each([
    { from: 1, to: 1, proof: [] },
    { from: 1, to: 8, proof: [A, B, C] },
    { from: 2, to: 5, proof: [B, D] },
    { from: 6, to: 8, proof: [G, E, F] },
  ])('have this consistency proof from $from to $to', ({ from, to, proof }) => {
    expect(consistencyProof(REFERENCE_LEAVES, from, to).map(hex)).toEqual(proof);
  });
});

describe('every tree up to 64 entries', () => {
  it('has the root that the definition gives', () => {
    expect(SIZES.map((size) => hex(rootOf(tree.slice(0, size))))).toEqual(
      SIZES.map((size) => hex(definedRoot(tree.slice(0, size)))),
    );
  });

  it('has the inclusion proofs that the definition gives', () => {
    for (const size of SIZES) {
      const indexes = SIZES.slice(0, size);
      const defined = indexes.map((index) => definedPath(index, tree.slice(0, size)).map(hex));
      expect(inclusionProofs(tree, indexes, size).map((proof) => proof.map(hex))).toEqual(defined);
    }
  });

  it('has the consistency proofs that the definition gives', () => {
    for (const to of SIZES) {
      const olds = SIZES.slice(0, to + 1);
      const defined = olds.map((from) => definedProof(from, tree.slice(0, to)).map(hex));
      expect(olds.map((from) => consistencyProof(tree, from, to).map(hex))).toEqual(defined);
    }
  });

  it('has a frontier with one hash for each perfect subtree', () => {
    expect(frontierOf(leaves(13)).hashes.map(hex)).toEqual(
      [tree.slice(0, 8), tree.slice(8, 12), tree.slice(12, 13)].map((part) => hex(definedRoot(part))),
    );
  });
});

describe('a tree of 100,000 entries', () => {
  const many = leaves(MANY);

  it('has its root in less than a second of work', () => {
    const before = process.cpuUsage();
    rootOf(many);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  it('has the same root whether it grew or was there at once', () => {
    expect(hex(rootOfFrontier(frontierOf(many)))).toBe(hex(rootOf(many)));
  });

  it('has inclusion proofs of at most 17 hashes', () => {
    const indexes = [0, 1, 4_711, 65_535, 65_536, MANY - 2, MANY - 1];
    const lengths = inclusionProofs(many, indexes, MANY).map(({ length }) => length);
    expect(Math.max(...lengths)).toBe(17);
  });
});

describe('what cannot be', () => {
  it('is refused by what makes proofs', () => {
    expect(() => inclusionProof(tree, 4, 4)).toThrow(RangeError);
    expect(() => inclusionProof(tree, 0, 65)).toThrow(RangeError);
    expect(() => consistencyProof(tree, 5, 4)).toThrow(RangeError);
  });

  it('is refused by the frontier', () => {
    expect(() => appended({ size: 3, hashes: [leafHash('a')] }, leafHash('b'))).toThrow(RangeError);
    expect(() => appended(EMPTY_FRONTIER, Buffer.alloc(31))).toThrow(RangeError);
    expect(() => rootOfFrontier({ size: -1, hashes: [] })).toThrow(RangeError);
  });

  it('keeps leaves and nodes apart', () => {
    const [left, right] = [leafHash('l'), leafHash('r')];
    expect(hex(leafHash(Buffer.concat([left, right])))).not.toBe(hex(nodeHash(left, right)));
  });
});
