import { describe, expect, it } from 'vitest';
import { emptyFrontier, foldRight, grow, inclusionRanges, leafHash, rootOf, subtreesOf, type Range } from '../../core/log/tree.ts'; // prettier-ignore
import { provesEntry } from '../../web/audit/inclusion.ts';

/** A log of so many entries, with its root and the proof of each. */
function logOf(size: number) {
  const data = Array.from({ length: size }, (_, index) => `entry ${index}`);
  const leaves = data.map((text) => leafHash(text));
  const hashOf = ([from, to]: Range): string =>
    foldRight(
      subtreesOf([from, to]).map(
        ({ level, place }) =>
          foldRight(
            leaves.slice(place * 2 ** level, (place + 1) * 2 ** level).reduce((tree, leaf) => grow(tree, leaf), emptyFrontier).hashes,
          ) ?? '',
      ),
    ) ?? ''; // prettier-ignore
  const root = rootOf(leaves.reduce((tree, leaf) => grow(tree, leaf), emptyFrontier));
  return (index: number) => ({
    data: data[index] ?? '',
    leaf: leaves[index] ?? '',
    index,
    size,
    proof: inclusionRanges(index, size).map(hashOf),
    root,
  });
}

describe('inclusion as the browser computes it', () => {
  it('agrees with the tree for every entry of logs of 1 to 20', async () => {
    for (let size = 1; size <= 20; size += 1) {
      const entry = logOf(size);
      for (let index = 0; index < size; index += 1)
        expect(await provesEntry(entry(index)), `${index} of ${size}`).toBe(true);
    }
  });

  it('refuses data, a leaf, a proof or a root that is another', async () => {
    const entry = logOf(13)(6);
    const other = leafHash('other');
    for (const change of [
      { data: 'entry 7' },
      { leaf: other },
      { root: other },
      { index: 7 },
      { proof: entry.proof.slice(1) },
      { proof: [...entry.proof, other] },
    ])
      expect(await provesEntry({ ...entry, ...change }), JSON.stringify(change)).toBe(false);
  });
});
