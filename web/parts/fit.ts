/** Sizes that are tried, as shares of the full one. */
const shares = [1, 0.9, 0.8, 0.7, 0.62, 0.55, 0.48, 0.42, 0.36, 0.3, 0.25] as const;

/**
 * The largest size of type, px, at which a text fits its box. Never below `leastPx`, which can still be read; a text that fits at no
 * size gets that one.
 */
export function largestSize(fullPx: number, leastPx: number, fits: (px: number) => boolean): number {
  const sizes = shares.map((share) => fullPx * share).filter((px) => px > leastPx);
  return sizes.find((px) => fits(px)) ?? Math.min(fullPx, leastPx);
}
