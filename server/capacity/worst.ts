import type { Counts } from './counts.ts';
import type { Scenario } from './solver.ts';

export interface AllScenarios {
  readonly singles: readonly Scenario[];
  /** The worst of the pairs that are worse than their parts, worst first. */
  readonly worstPairs: readonly Scenario[];
  readonly pairs: number;
  /** Of the pairs: with racks dark, with an overload, with something that is not known. */
  readonly pairsDark: number;
  readonly pairsOverloaded: number;
  readonly pairsUnknown: number;
}

/** Pairs that are kept. */
const worstKept = 200;

/** How bad it is: racks dark, halls too warm, overloads, what is not known, lost redundancy. */
export function compareScenarios(
  a: Pick<Scenario, 'racks' | 'hotHalls'>,
  b: Pick<Scenario, 'racks' | 'hotHalls'>,
): number {
  return (
    b.racks.dark - a.racks.dark ||
    b.hotHalls - a.hotHalls ||
    b.racks.overloads - a.racks.overloads ||
    b.racks.unknown - a.racks.unknown ||
    b.racks.losesRedundancy - a.racks.losesRedundancy
  );
}

/** Counts pairs and keeps the worst of those that are worse than their parts. */
export function createWorst(present: Counts): {
  add(pair: Omit<Scenario, 'isWorse'>, one: Scenario, another: Scenario): void;
  addIndependent(one: Scenario, another: Scenario): void;
  result(): Omit<AllScenarios, 'singles'>;
} {
  let kept: Scenario[] = [];
  const counts = { pairs: 0, pairsDark: 0, pairsOverloaded: 0, pairsUnknown: 0 };
  const trim = (): void => {
    kept = kept.sort(compareScenarios).slice(0, worstKept);
  };
  const count = (racks: {
    readonly dark: number;
    readonly overloads: number;
    readonly unknown: number;
  }): void => {
    counts.pairs += 1;
    if (racks.dark > 0) counts.pairsDark += 1;
    if (racks.overloads > 0) counts.pairsOverloaded += 1;
    if (racks.unknown > 0) counts.pairsUnknown += 1;
  };
  return {
    add(pair, one, another) {
      count(pair.racks);
      // More than both together: what each of them does alone is in the list of single failures.
      const isBeyond = (which: 'dark' | 'overloads'): boolean =>
        pair.racks[which] > one.racks[which] + another.racks[which] - present[which];
      if (!isBeyond('dark') && !isBeyond('overloads') && pair.hotHalls <= one.hotHalls + another.hotHalls)
        return;
      kept.push({ ...pair, isWorse: true });
      if (kept.length >= 4 * worstKept) trim();
    },
    addIndependent({ racks: a }, { racks: b }) {
      // Each of the two changes one rack, so the larger of both counts says whether there is any.
      count({
        dark: Math.max(a.dark, b.dark),
        overloads: Math.max(a.overloads, b.overloads),
        unknown: Math.max(a.unknown, b.unknown),
      });
    },
    result() {
      trim();
      return { worstPairs: kept, ...counts };
    },
  };
}
