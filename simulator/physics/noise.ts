/** Everything that looks random is a function of the seed, a name and the time: the same run twice gives the same values. */
export function hash(text: string, seed: number): number {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  // A last mix, so that names that differ in their last letter differ everywhere.
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d) >>> 0;
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b) >>> 0;
  return (value ^ (value >>> 16)) >>> 0;
}

/** A number of [low, high) that belongs to a name. */
export function uniform(text: string, seed: number, [low, high]: readonly [number, number] = [0, 1]): number {
  return low + (hash(text, seed) / 2 ** 32) * (high - low);
}

/** A slow swing between −1 and 1; `phase` 0 … 1. */
export function wave(atMs: number, periodS: number, phase: number): number {
  return Math.sin(2 * Math.PI * (atMs / 1_000 / periodS + phase));
}

/** The element at a place that exists by construction. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`nothing at ${index}`);
  return item;
}

/** First-order approach to a target with time constant `tauS`, exact for any step. */
export function approach(
  value: number,
  target: number,
  step: { readonly dtS: number; readonly tauS: number },
): number {
  return target + (value - target) * Math.exp(-step.dtS / step.tauS);
}
