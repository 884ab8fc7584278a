/** Where a value lies relative to its limits. An open side has no limit. */
export interface Band {
  readonly min?: number;
  readonly max?: number;
}

export interface BandPlace {
  readonly side: 'below' | 'in' | 'above';
  /** How far outside, in the value's unit; 0 inside. */
  readonly excess: number;
}

/** The limits themselves are inside. */
export function placeInBand(value: number, band: Band): BandPlace {
  if (band.max !== undefined && value > band.max) return { side: 'above', excess: value - band.max };
  if (band.min !== undefined && value < band.min) return { side: 'below', excess: band.min - value };
  return { side: 'in', excess: 0 };
}

/** 0 … 1 along a bar that shows the band with half its width on either side; values beyond are drawn at its ends. */
export function positionOnBar(value: number, scale: { from: number; to: number }): number {
  const share = (value - scale.from) / (scale.to - scale.from);
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}

export function scaleAround(band: { min: number; max: number }): { from: number; to: number } {
  const half = (band.max - band.min) / 2;
  return { from: band.min - half, to: band.max + half };
}

/** How strongly a cell is coloured: the faint half as soon as it is out, full at `full` beyond the limit. */
export function strength(excess: number, full: number): number {
  if (excess <= 0) return 0;
  return Math.min(1, 0.5 + (0.5 * excess) / full);
}
