import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { iso } from '../../core/time.ts';
import type { CapacitySiteView, SingleView } from '../contracts/capacity.ts';
import { emptyView } from './empty-view.ts';
import type { Readings } from './readings.ts';
import { allScenarios } from './scenarios.ts';
import { surroundings, thermalView, warmingFor, type SiteCapacity } from './site.ts';
import { usageOf } from './usage.ts';
import { elementView, missingView, scenarioView, singleView } from './view.ts';
import { compareScenarios } from './worst.ts';

/** Without a turn for others at most this long. */
const sliceMs = 6;
const mostWorst = 40;

/**
 * Every single failure and every pair of a site by its loads of now, as its page shows them. Lets the rest of the server work in between.
 * Undefined: it was aborted.
 */
export async function recomputed(
  site: SiteCapacity,
  options: {
    readonly model: Model;
    readonly readings: Readings;
    readonly clock: Pick<Clock, 'now' | 'monotonic'>;
    readonly signal: AbortSignal;
  },
): Promise<CapacitySiteView | undefined> {
  const { model, readings, clock, signal } = options;
  const begun = clock.monotonic();
  const at = clock.now();
  const breathe = slicer(clock);
  const around = surroundings(model, site, readings);
  const warming = warmingFor(model, site, readings);
  const { plan, loads, halls } = around;
  const run = allScenarios({ plan, loads, halls, elements: site.elements });
  let step: ReturnType<typeof run.next>;
  do {
    await breathe();
    if (signal.aborted) return undefined;
    step = run.next();
  } while (step.done !== true);
  const all = step.value;
  const singles: SingleView[] = [];
  for (const element of site.elements) {
    if (element.leaf !== undefined) continue;
    singles.push(singleView(around, element, warming));
    await breathe();
    if (signal.aborted) return undefined;
  }
  await breathe();
  const leaves = all.singles.filter(({ elements: [element] }) => element.leaf !== undefined);
  const withAny = (pick: 'dark' | 'overloads' | 'unknown'): number =>
    leaves.filter(({ racks }) => racks[pick] > 0).length;
  return {
    ...emptyView(model, site),
    at: iso(at),
    tookMs: clock.monotonic() - begun,
    usage: usageOf(around),
    singles: singles.sort((a, b) => compareScenarios(ranked(a), ranked(b))),
    worstPairs: all.worstPairs.slice(0, mostWorst).map((pair) => scenarioView(model, site.id, pair)),
    pairs: {
      all: all.pairs,
      dark: all.pairsDark,
      overloaded: all.pairsOverloaded,
      unknown: all.pairsUnknown,
    },
    pdus: {
      all: leaves.length,
      dark: withAny('dark'),
      overloads: withAny('overloads'),
      unknown: withAny('unknown'),
    },
    missing: missingView(model, loads.missing),
    missingCount: loads.missing.length,
    notJudged: plan.nodes.flatMap(({ key, kind, ratedKw }) =>
      ratedKw === undefined && (kind === 'panel' || kind === 'ats')
        ? [elementView(model, { key, kind })]
        : [],
    ),
    thermal: halls.map(({ hall }) => thermalView(model, site, hall)),
  };
}

/** Yields to the rest of the server whenever a slice is used up. */
function slicer(clock: Pick<Clock, 'monotonic'>): () => Promise<void> {
  let begun = clock.monotonic();
  return async () => {
    if (clock.monotonic() - begun < sliceMs) return;
    await nextTurn();
    begun = clock.monotonic();
  };
}

/** A hall that its PACs no longer hold. */
function ranked({ racks, halls }: SingleView): Parameters<typeof compareScenarios>[0] {
  return { racks, hotHalls: halls.filter(({ left, needed }) => needed !== null && left < needed).length };
}
