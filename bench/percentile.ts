/** The value below which `share` (0 … 1) of the values lie; NaN of nothing. Sorts its input. Throws for a share in per cent. */
export function percentile(values: number[], share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`percentile: the share ${share} is not within 0 … 1`);
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
