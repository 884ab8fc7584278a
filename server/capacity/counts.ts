import type { SupplyState } from './supply.ts';

/** Racks by what becomes of them. `unknown`: it depends on what is not known. */
export interface Counts {
  readonly survives: number;
  readonly losesRedundancy: number;
  readonly overloads: number;
  readonly dark: number;
  readonly unknown: number;
}

/** The same site with what silent meters may carry at least and at most. */
export interface Bounds {
  readonly least: SupplyState;
  readonly most: SupplyState;
}

export function countsOf(states: Bounds): Counts {
  return countsFrom(tallyOf(states));
}

/** Beside those of `supply.ts`: it depends on what is not known. */
export const unknown = 4;

function codeAt(least: SupplyState, most: SupplyState, rack: number): number {
  const code = least.racks[rack] ?? 0;
  return code === most.racks[rack] ? code : unknown;
}

/** From a tally by code. */
export function countsFrom([free = 0, lost = 0, over = 0, out = 0, open = 0]: readonly number[]): Counts {
  return { survives: free, losesRedundancy: lost, overloads: over, dark: out, unknown: open };
}

/** Racks by their code. */
export function tallyOf({ least, most }: Bounds): number[] {
  const tally = [0, 0, 0, 0, 0];
  for (let rack = 0; rack < least.racks.length; rack += 1) {
    const code = codeAt(least, most, rack);
    tally[code] = (tally[code] ?? 0) + 1;
  }
  return tally;
}

/** A tally in which some racks have another code. */
export function changed(
  { tally, least, most }: Bounds & { readonly tally: readonly number[] },
  racks: readonly (readonly [rack: number, code: number])[],
): number[] {
  const next = [...tally];
  for (const [rack, code] of racks) {
    const before = codeAt(least, most, rack);
    next[before] = (next[before] ?? 0) - 1;
    next[code] = (next[code] ?? 0) + 1;
  }
  return next;
}
