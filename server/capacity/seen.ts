import { feedNames } from '../../config/topology/graph.ts';
import type { PduLoads, SeenFigures } from './figures.ts';
import type { Before, FeedLoads } from './predicted.ts';
import { derivedPoint, pointOf, type Readings } from './readings.ts';

/** A feed that draws less is dead, kW. */
const deadKw = 0.02;
/** Below this a PDU's own steps are larger than any error worth naming, kW. */
const leastComparedKw = 0.1;
const worstShown = 10;
const perFeed = [0, 1] as const;

export const nothingSeen: SeenFigures = {
  dark: null,
  losesRedundancy: null,
  overloads: null,
  darkRacks: null,
  batteries: {},
  loads: {},
  gensetKw: null,
  temperatures: {},
  warming: {},
  pdus: null,
  unread: 0,
  watchedMinutes: null,
};

/** What the meters show of the racks that had two feeds, of the UPSs and of the gensets, beside what each feed was predicted to carry. */
export function seenNow({ around }: Before, predicted: FeedLoads, readings: Readings): SeenFigures {
  const { plan, loads, model } = around;
  const feeds = feedsNow(around.points.power, readings);
  const darkRacks: string[] = [];
  let [single, over, unread] = [0, 0, 0];
  for (const [rack, { rack: spec }] of plan.racks.entries()) {
    if (!perFeed.every((feed) => (loads.least.rackKw[feed][rack] ?? 0) > deadKw)) continue;
    const now = perFeed.map((feed) => {
      const kw = feeds[feed][rack] ?? Number.NaN;
      // A meter that is fed by what it measures is silent when that is dead; silence elsewhere proves nothing.
      return Number.isNaN(kw) && predicted[feed][rack] === 0 ? 0 : kw;
    });
    const alive = now.filter((kw) => kw > deadKw);
    if (now.some(Number.isNaN)) unread += 1;
    else if (alive.length === 0) darkRacks.push(spec.key);
    else if (Math.max(...now) > spec.limitKw) over += 1;
    else if (alive.length === 1) single += 1;
  }
  const powers = plan.nodes.flatMap(({ kind, device }) => {
    const kw = kind === 'genset' ? readings.value(pointOf(device, 'power')) : undefined;
    return kw === undefined ? [] : [kw];
  });
  return {
    ...nothingSeen,
    dark: darkRacks.length,
    darkRacks,
    losesRedundancy: single,
    overloads: over,
    unread,
    loads: Object.fromEntries(
      plan.nodes.flatMap(({ key, kind }) => {
        const kw = kind === 'ups' ? readings.value(derivedPoint(model, `${key}/output-power`)) : undefined;
        return kw === undefined ? [] : [[key, kw] as const];
      }),
    ),
    gensetKw: powers.length === 0 ? null : powers.reduce((sum, kw) => sum + kw, 0),
    pdus: comparePdus(
      plan.racks.map(({ rack }) => rack.key),
      predicted,
      feeds,
    ),
  };
}

function feedsNow(power: Before['around']['points']['power'], readings: Readings): FeedLoads {
  const of = (feed: 0 | 1): Float64Array =>
    Float64Array.from(power[feed], (points) =>
      points.length === 0
        ? Number.NaN
        : points.reduce((sum, point) => sum + (readings.value(point) ?? Number.NaN), 0),
    );
  return [of(0), of(1)];
}

function comparePdus(racks: readonly string[], predicted: FeedLoads, seen: FeedLoads): PduLoads | null {
  const rows = perFeed.flatMap((feed) =>
    racks.flatMap((rack, index) => {
      const [expected, kw] = [predicted[feed][index] ?? Number.NaN, seen[feed][index] ?? Number.NaN];
      // A feed that was to be dead counts among the racks, not among the loads.
      if (!(expected >= leastComparedKw && kw > deadKw)) return [];
      const error = errorPercent(expected, kw);
      return [{ rack, feed: feedNames[feed] ?? 'A', predicted: expected, seen: kw, error }];
    }),
  );
  const sorted = rows.sort((a, b) => b.error - a.error);
  const [largest] = sorted;
  if (largest === undefined) return null;
  return {
    compared: sorted.length,
    medianErrorPercent: sorted[Math.floor(sorted.length / 2)]?.error ?? 0,
    largestErrorPercent: largest.error,
    worst: sorted.slice(0, worstShown).map(({ error: _error, ...row }) => row),
  };
}

/** Of a positive measurement. */
export function errorPercent(predicted: number, seen: number): number {
  return (Math.abs(predicted - seen) / seen) * 100;
}

/** The worst that became of the racks since loads had settled; of loads the latest, which the battery and the gensets have settled into. */
export function worstSeen(a: SeenFigures, b: SeenFigures): SeenFigures {
  const most = (x: number | null, y: number | null): number | null =>
    x === null ? y : y === null ? x : Math.max(x, y);
  return {
    ...b,
    batteries: a.batteries,
    dark: most(a.dark, b.dark),
    darkRacks: [...new Set([...(a.darkRacks ?? []), ...(b.darkRacks ?? [])])],
    losesRedundancy: most(a.losesRedundancy, b.losesRedundancy),
    overloads: most(a.overloads, b.overloads),
    gensetKw: b.gensetKw === null || b.gensetKw <= deadKw ? a.gensetKw : b.gensetKw,
  };
}

/** How long a battery lasts in all, by the UPS itself while it discharges: so far, and what it says is left. */
export function batteriesSeen(
  { around }: Before,
  seen: SeenFigures,
  readings: Readings,
): SeenFigures['batteries'] {
  const next = { ...seen.batteries };
  for (const { key, kind, device } of around.plan.nodes) {
    if (kind !== 'ups' || readings.state(pointOf(device, 'output-source')) !== 'battery') continue;
    const left = readings.value(pointOf(device, 'autonomy'));
    const soFar = readings.value(pointOf(device, 'time-on-battery'));
    if (left !== undefined && soFar !== undefined) next[key] = (left + soFar) / 60;
  }
  return next;
}
