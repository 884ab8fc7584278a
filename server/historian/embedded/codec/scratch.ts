/**
 * Columns that are written over again: an answer is decoded from thousands of rows, and memory for each of their columns would cost
 * more than decoding it.
 */
export interface Scratch {
  /** A column of this length, of whatever it was left with; what was taken before stays until `reset`. */
  take(length: number): Float64Array;
  /** Everything taken so far may be written over. */
  reset(): void;
}

export function createScratch(): Scratch {
  const columns: Float64Array[] = [];
  let taken = 0;
  return {
    take(length) {
      const known = columns[taken];
      const room = known !== undefined && known.length >= length ? known : new Float64Array(length);
      columns[taken] = room;
      taken += 1;
      return room.length === length ? room : room.subarray(0, length);
    },
    reset() {
      taken = 0;
    },
  };
}

/** For what is kept: every column is new. */
export const fresh: Scratch = { take: (length) => new Float64Array(length), reset: () => undefined };
