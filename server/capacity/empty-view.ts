import type { Model } from '../../config/model.ts';
import type { CapacitySiteView } from '../contracts/capacity.ts';
import type { Element } from './elements.ts';
import type { SupplyPlan } from './plan.ts';
import { elementView } from './view.ts';

/** What is known of a site's capacity before any load is: its elements and its breakers. */
export function emptyView(
  model: Model,
  { elements, plan }: { readonly elements: readonly Element[]; readonly plan: SupplyPlan },
): CapacitySiteView {
  return {
    site: plan.site,
    name: model.sites.find((site) => site.id === plan.site)?.name ?? plan.site,
    at: null,
    tookMs: null,
    usage: [],
    singles: [],
    worstPairs: [],
    pairs: { all: 0, dark: 0, overloaded: 0, unknown: 0 },
    pdus: { all: 0, dark: 0, overloads: 0, unknown: 0 },
    elements: elements.map((element) => elementView(model, element)),
    missing: [],
    missingCount: 0,
    notJudged: [],
    breakers: breakersOf(plan),
    thermal: [],
  };
}

function breakersOf({ racks }: SupplyPlan): CapacitySiteView['breakers'] {
  const feeds = racks.flatMap((rack) => rack.feeds);
  const assumed = feeds.filter(({ isAssumed }) => isAssumed);
  const unrated = feeds.filter(({ breakerAmps }) => breakerAmps === undefined).length;
  return {
    rated: feeds.length - assumed.length - unrated,
    assumed: assumed.length,
    unrated,
    assumedAmps: [...new Set(assumed.flatMap(({ breakerAmps }) => breakerAmps ?? []))].sort((a, b) => a - b),
  };
}
