/** The walk of an inclusion proof, without hashing: the browser and the server fold the same one. */

/** By sibling, from the leaf upwards: on which side of what is known so far it stands. Undefined: the proof has another length. RFC 9162 section 2.1.3.2. */
export function siblingSides(
  index: number,
  size: number,
  siblings: number,
): readonly ('left' | 'right')[] | undefined {
  if (index < 0 || index >= size) return undefined;
  const sides: ('left' | 'right')[] = [];
  let node = index;
  let last = size - 1;
  for (let count = 0; count < siblings; count += 1) {
    if (last === 0) return undefined;
    const isLeft = node % 2 === 1 || node === last;
    sides.push(isLeft ? 'left' : 'right');
    if (isLeft) while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? sides : undefined;
}

/** No bit operations: they end at 2^31. */
export function half(value: number): number {
  return Math.floor(value / 2);
}
