import { hash as hashOf } from 'node:crypto';
import { half, siblingSides } from './path.ts';

/**
 * The Merkle tree of RFC 6962 section 2.1, pure. A hash is 32 bytes, written as base64. Subtree (level, place) holds the 2^level leaves
 * from place × 2^level on; only whole subtrees are ever stored.
 */
export type Hash = string;

const hashBytes = 32;
const nodePrefix = Buffer.of(1);
/** Prefix and both hashes: a million nodes are computed in one look at the log. */
const node = Buffer.alloc(1 + 2 * hashBytes, nodePrefix);

/** The prefix of a leaf is the byte 0. */
export function leafHash(data: string | Uint8Array): Hash {
  return hashOf('sha256', typeof data === 'string' ? `\0${data}` : Buffer.concat([Buffer.of(0), data]), 'base64'); // prettier-ignore
}

function nodeHash(left: Hash, right: Hash): Hash {
  const isWhole =
    node.write(left, 1, 'base64') === hashBytes && node.write(right, 1 + hashBytes, 'base64') === hashBytes;
  // A hash that somebody cut must not be completed by what was there before.
  const bytes = isWhole
    ? node
    : Buffer.concat([nodePrefix, Buffer.from(left, 'base64'), Buffer.from(right, 'base64')]);
  return hashOf('sha256', bytes, 'base64');
}

export const emptyRoot: Hash = hashOf('sha256', '', 'base64');

export interface Subtree {
  readonly level: number;
  readonly place: number;
}

/** What a tree needs to grow: its size and the hashes of the whole subtrees that it consists of, the largest first. */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Hash[];
}

export const emptyFrontier: Frontier = { size: 0, hashes: [] };

/** With one leaf more. `onSubtree` is called with every subtree that became whole, the leaf itself among them. */
export function grow(
  { size, hashes }: Frontier,
  leaf: Hash,
  onSubtree: (subtree: Subtree, hash: Hash) => void = () => undefined,
): Frontier {
  const rest = [...hashes];
  let hash = leaf;
  let level = 0;
  let place = size;
  onSubtree({ level, place }, hash);
  while (place % 2 === 1) {
    const left = rest.pop();
    if (left === undefined)
      throw new RangeError(`a tree of ${size} leaves has more subtrees than were given`);
    hash = nodeHash(left, hash);
    level += 1;
    place = (place - 1) / 2;
    onSubtree({ level, place }, hash);
  }
  return { size: size + 1, hashes: [...rest, hash] };
}

export function rootOf({ hashes }: Frontier): Hash {
  return foldRight(hashes) ?? emptyRoot;
}

/** Leaves [from, to). */
export type Range = readonly [from: number, to: number];

/** The whole subtrees that the leaves of a range consist of, left to right. The range is one of a tree's nodes: `from` is a multiple of its size. */
export function subtreesOf([from, to]: Range): Subtree[] {
  const subtrees: Subtree[] = [];
  let first = from;
  while (first < to) {
    const level = levelBelow(to - first);
    subtrees.push({ level, place: first / 2 ** level });
    first += 2 ** level;
  }
  return subtrees;
}

/** The hash of a range from those of its whole subtrees. */
export function foldRight(hashes: readonly Hash[]): Hash | undefined {
  return hashes.reduceRight<Hash | undefined>(
    (right, left) => (right === undefined ? left : nodeHash(left, right)),
    undefined,
  );
}

/** What an inclusion proof consists of: PATH(index, D[size]) of the RFC, from the leaf upwards. */
export function inclusionRanges(index: number, size: number): Range[] {
  if (index < 0 || index >= size) throw new RangeError(`entry ${index} is not in a log of ${size}`);
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.unshift([middle, to]);
      to = middle;
    } else {
      ranges.unshift([from, middle]);
      from = middle;
    }
  }
  return ranges;
}

/** What a consistency proof consists of: PROOF(first, D[second]). Nothing when one of them is empty or both are the same. */
export function consistencyRanges(first: number, second: number): Range[] {
  if (first < 0 || first > second)
    throw new RangeError(`a log of ${first} cannot be part of one of ${second}`);
  if (first === 0 || first === second) return [];
  const ranges: Range[] = [];
  let [from, to] = [0, second];
  /** The left part of the tree is the whole old tree: its root is known to who asks. */
  let isOldRoot = true;
  while (first < to) {
    const middle = from + splitOf(to - from);
    if (first <= middle) {
      ranges.unshift([middle, to]);
      to = middle;
    } else {
      ranges.unshift([from, middle]);
      from = middle;
      isOldRoot = false;
    }
  }
  return isOldRoot ? ranges : [[from, to], ...ranges];
}

/** RFC 9162 section 2.1.3.2. */
export function isIncluded(options: {
  readonly leaf: Hash;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Hash[];
  readonly root: Hash;
}): boolean {
  const { leaf, index, size, proof, root } = options;
  const sides = siblingSides(index, size, proof.length);
  if (sides === undefined) return false;
  const hash = proof.reduce(
    (known, sibling, at) => (sides[at] === 'left' ? nodeHash(sibling, known) : nodeHash(known, sibling)),
    leaf,
  );
  return hash === root;
}

export interface TreeHead {
  readonly size: number;
  readonly root: Hash;
}

/** RFC 9162 section 2.1.4.2: the second tree begins with the leaves of the first. */
export function isConsistent(first: TreeHead, second: TreeHead, proof: readonly Hash[]): boolean {
  if (first.size > second.size) return false;
  if (first.size === second.size) return proof.length === 0 && first.root === second.root;
  if (first.size === 0) return proof.length === 0 && first.root === emptyRoot;
  const path = isPowerOfTwo(first.size) ? [first.root, ...proof] : proof;
  const [start] = path;
  if (start === undefined) return false;
  let node = first.size - 1;
  let last = second.size - 1;
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [old, grown] = [start, start];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      old = nodeHash(sibling, old);
      grown = nodeHash(sibling, grown);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      grown = nodeHash(grown, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && old === first.root && grown === second.root;
}

/** The largest power of two below `size`, which is at least 2. */
function splitOf(size: number): number {
  const power = 2 ** levelBelow(size);
  return power === size ? power / 2 : power;
}

/** Of the largest whole subtree that fits into so many leaves. No bit operations: they end at 2^31. */
function levelBelow(size: number): number {
  let level = 0;
  while (2 ** (level + 1) <= size) level += 1;
  return level;
}

function isPowerOfTwo(size: number): boolean {
  return 2 ** levelBelow(size) === size;
}
