import { consequencesOf, type Surroundings } from './consequences.ts';
import type { Element } from './elements.ts';
import { limitsC, type Figures } from './figures.ts';
import { countsOf } from './counts.ts';
import { scenarioOf } from './solver.ts';
import { dark, type SupplyState } from './supply.ts';
import { warmingOf, type ThermalModel } from './thermal.ts';

/** A picture of a site from before anything happened. */
export interface Before {
  readonly around: Surroundings;
  /** Nodes that were out, or may have been. */
  readonly out: ReadonlySet<number>;
  /** By hall. */
  readonly hallC: ReadonlyMap<string, number>;
  readonly hallKw: ReadonlyMap<string, number>;
}

interface Context {
  readonly elapsedMinutes: number;
  readonly thermal: (hall: string) => ThermalModel | undefined;
}

/** What these failures do to the site of the picture, and how warm its halls are after so many minutes. */
export function predictedFor(
  before: Before,
  failed: readonly Element[],
  { elapsedMinutes, thermal }: Context,
): Figures {
  const { around, hallC, hallKw } = before;
  const states = scenarioOf(around, failed);
  const racks = countsOf(states);
  const found = consequencesOf(around, failed);
  const isKnown = racks.unknown === 0;
  const { nodes } = around.plan;
  const halls = found.halls.map(({ hall, left }) => {
    const model = thermal(hall);
    const [meanC, heatKw] = [hallC.get(hall), hallKw.get(hall)];
    if (model === undefined || meanC === undefined || heatKw === undefined) return { hall };
    const warming = warmingOf(model, { meanC, heatKw, running: left });
    return warming === 'beyond' ? { hall } : { hall, warming };
  });
  return {
    dark: isKnown ? racks.dark : null,
    losesRedundancy: isKnown ? racks.losesRedundancy : null,
    overloads: isKnown ? racks.overloads : null,
    darkRacks: isKnown ? darkIn(around, states.least) : null,
    batteries: Object.fromEntries(found.batteries.map(({ ups, minutes }) => [ups, minutes ?? null])),
    loads: Object.fromEntries(
      nodes.flatMap(({ key, kind }, index) => {
        if (kind !== 'ups' || states.least.live[index] !== 1) return [];
        const [low, high] = [states.least.loadKw[index] ?? 0, states.most.loadKw[index] ?? 0];
        return [[key, Math.abs(high - low) <= 0.05 * low ? low : null]];
      }),
    ),
    gensetKw: found.gensets?.loadKw ?? null,
    temperatures: Object.fromEntries(
      halls.map(({ hall, warming }) => [hall, warming?.after(elapsedMinutes) ?? null]),
    ),
    warming: Object.fromEntries(
      halls.map(({ hall, warming }) => [
        hall,
        limitsC.map((limitC) => ({
          limitC,
          minutes: warming === undefined ? null : (warming.minutesTo(limitC) ?? 'never'),
        })),
      ]),
    ),
  };
}

function darkIn({ plan }: Surroundings, state: SupplyState): string[] {
  return plan.racks.flatMap(({ rack }, index) => (state.racks[index] === dark ? [rack.key] : []));
}

/** By rack and feed, in the order of `feedNames`: kW; NaN: not known. */
export type FeedLoads = readonly [Float64Array, Float64Array];

/** What each PDU carries once these have failed; a rack whose meters were silent is not known. */
export function predictedFeeds({ around }: Before, failed: readonly Element[]): FeedLoads {
  const { least, most } = scenarioOf(around, failed);
  const { rackKw, isUnknown } = around.loads.least;
  const of = (feed: 0 | 1): Float64Array => {
    const other = feed === 0 ? 1 : 0;
    return rackKw[feed].map((kw, rack) => {
      const isSure = [0, 1].every((each) => {
        const at = each === 0 ? 0 : 1;
        return isUnknown[at][rack] !== 1 && least.feedLive[at][rack] === most.feedLive[at][rack];
      });
      if (!isSure) return Number.NaN;
      if (least.feedLive[feed][rack] !== 1) return 0;
      return least.feedLive[other][rack] === 1 ? kw : kw + (rackKw[other][rack] ?? 0);
    });
  };
  return [of(0), of(1)];
}
