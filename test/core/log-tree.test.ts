import { createHash } from 'node:crypto';
import { array, assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyRanges,
  emptyFrontier,
  emptyRoot,
  foldRight,
  grow,
  inclusionRanges,
  isConsistent,
  isIncluded,
  leafHash,
  rootOf,
  subtreesOf,
  type Frontier,
  type Hash,
  type Range,
} from '../../core/log/tree.ts';

/** The definitions of RFC 6962 section 2.1, word for word, on the whole list. */
const sha = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const split = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};
function mth(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return sha();
  if (leaves.length === 1) return sha(Buffer.of(0), first);
  const k = split(leaves.length);
  return sha(Buffer.of(1), mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}
function path(m: number, leaves: readonly Uint8Array[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))];
}
function subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): Buffer[] {
  if (m === leaves.length) return whole ? [] : [mth(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), mth(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))];
}

/** A tree as it is kept: grown leaf by leaf, the whole subtrees remembered. */
function kept(leaves: readonly Uint8Array[]): { frontier: Frontier; hashOf: (range: Range) => Hash } {
  const stored = new Map<string, Hash>();
  let frontier = emptyFrontier;
  for (const leaf of leaves)
    frontier = grow(frontier, leafHash(leaf), ({ level, place }, hash) =>
      stored.set(`${level}/${place}`, hash),
    );
  const hashOf = (range: Range): Hash =>
    foldRight(
      subtreesOf(range).map(({ level, place }) => {
        const hash = stored.get(`${level}/${place}`);
        if (hash === undefined) throw new Error(`subtree ${level}/${place} was never whole`);
        return hash;
      }),
    ) ?? emptyRoot;
  return { frontier, hashOf };
}

const hex = (hash: Hash): string => Buffer.from(hash, 'base64').toString('hex');
const base64 = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('base64'));
/** The leaves that the Certificate Transparency implementations are tested with. */
const known = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (leaf) => Buffer.from(leaf, 'hex'),
); // prettier-ignore
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const leaves = array(uint8Array({ maxLength: 12 }), { maxLength: 70 });

describe('the Merkle tree', () => {
  it('has the roots of the known test vectors', () => {
    expect(hex(emptyRoot)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (const [place, root] of roots.entries())
      expect(hex(rootOf(kept(known.slice(0, place + 1)).frontier))).toBe(root);
  });

  it('has the root of the definition whatever the leaves', () => {
    assert(
      property(leaves, (given) => {
        expect(hex(rootOf(kept(given).frontier))).toBe(mth(given).toString('hex'));
      }),
    );
  });

  it('proves every leaf in every size as the definition does, and no other leaf', () => {
    const given = Array.from({ length: 33 }, (_, place) => Buffer.of(place));
    const { hashOf } = kept(given);
    for (let size = 1; size <= given.length; size += 1)
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionRanges(index, size).map(hashOf);
        expect(proof).toEqual(base64(path(index, given.slice(0, size))));
        const claim = { leaf: hashOf([index, index + 1]), index, size, proof, root: hashOf([0, size]) };
        expect(isIncluded(claim)).toBe(true);
        expect(isIncluded({ ...claim, leaf: leafHash('other') })).toBe(false);
        expect(isIncluded({ ...claim, root: leafHash('other') })).toBe(false);
        expect(isIncluded({ ...claim, index: size })).toBe(false);
        expect(isIncluded({ ...claim, proof: [...proof, leafHash('more')] })).toBe(false);
        expect(isIncluded({ ...claim, index: (index + 1) % size })).toBe(size === 1);
      }
  });

  it('proves that it only grew as the definition does, and nothing else', () => {
    const given = Array.from({ length: 33 }, (_, place) => Buffer.of(place));
    const { hashOf } = kept(given);
    const head = (size: number) => ({ size, root: size === 0 ? emptyRoot : hashOf([0, size]) });
    for (let second = 0; second <= given.length; second += 1)
      for (let first = 0; first <= second; first += 1) {
        const proof = consistencyRanges(first, second).map(hashOf);
        expect(proof).toEqual(first === 0 ? [] : base64(subproof(first, given.slice(0, second), true)));
        expect(isConsistent(head(first), head(second), proof)).toBe(true);
        const forged = { size: first, root: leafHash('fork') };
        expect(isConsistent(forged, head(second), proof)).toBe(false);
        const forgedNow = { size: second, root: leafHash('fork') };
        expect(isConsistent(head(first), forgedNow, proof)).toBe(first === 0 && second > 0);
        expect(isConsistent(head(first), head(second), [...proof, leafHash('more')])).toBe(false);
      }
  });

  it('refuses proofs of what it does not hold', () => {
    expect(() => inclusionRanges(3, 3)).toThrow('entry 3 is not in a log of 3');
    expect(() => consistencyRanges(4, 3)).toThrow('a log of 4 cannot be part of one of 3');
  });
});
