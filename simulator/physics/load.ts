import type { Rack } from '../../config/model.ts';
import { uniform, wave } from './noise.ts';
import type { FeedName } from '../../config/schema/common.ts';
import type { Topology } from '../../config/topology/graph.ts';

export interface PlantRack {
  readonly rack: Rack;
  /** Load of a busy hour, kW, both feeds together. */
  readonly baseKw: number;
  /** Share that feed A carries while both live. */
  readonly shareA: number;
  readonly phase: number;
  /** Some places in a row are a little warmer than others: share of the usual rise over the supply air. */
  readonly warmth: number;
}

/** 35–70 % of the limit, so that one feed can carry a rack alone. */
export function plantRack(rack: Rack, seed: number): PlantRack {
  return {
    rack,
    baseKw: rack.limitKw * uniform(`${rack.key} load`, seed, [0.37, 0.69]),
    shareA: uniform(`${rack.key} share`, seed, [0.46, 0.54]),
    phase: uniform(`${rack.key} phase`, seed),
    warmth: uniform(`${rack.key} place`, seed, [0.79, 1.1]),
  };
}

const hourMs = 3_600_000;

/** Hour of the day in WIB (UTC+7), with its fraction. */
export function hourOfDay(atMs: number): number {
  return (atMs / hourMs + 7) % 24;
}

/** Share of the busy hour's load: offices work by day, backups and batches keep the night from falling far. */
export function loadShare(atMs: number): number {
  const day = Math.max(0, Math.cos(((hourOfDay(atMs) - 13.5) / 24) * 2 * Math.PI));
  return 0.86 + 0.12 * day;
}

/** kW that a rack's machines draw now. */
export function demandKw(rack: PlantRack, atMs: number): number {
  return rack.baseKw * loadShare(atMs) * (1 + 0.015 * wave(atMs, 240 + 120 * rack.phase, rack.phase));
}

export interface LiveFeeds {
  readonly A: boolean;
  readonly B: boolean;
}

/** Machines have two power supplies: what one feed loses, the other takes. */
export function splitKw(
  rack: PlantRack,
  kw: number,
  live: LiveFeeds,
): { readonly A: number; readonly B: number } {
  if (live.A && live.B) return { A: kw * rack.shareA, B: kw * (1 - rack.shareA) };
  return { A: live.A ? kw : 0, B: live.B ? kw : 0 };
}

/** UPSs whose outputs hang together: what they supply lives while one of them has an output. */
export interface Bus {
  readonly feed: FeedName;
  /** Indices of the plant's UPSs; none: the bus hangs on the mains, without a UPS. */
  readonly ups: readonly number[];
}

export interface RackBuses {
  readonly buses: readonly Bus[];
  /** By rack: index of the bus of each feed. */
  readonly ofRack: Readonly<Record<FeedName, readonly number[]>>;
}

/** Which UPSs supply each feed of each rack, by the topology: the nearest ones upstream. `upsKeys`: in the plant's order. */
export function rackBuses(topology: Topology, racks: readonly Rack[], upsKeys: readonly string[]): RackBuses {
  const indexOf = new Map(upsKeys.map((key, index) => [key, index]));
  const behind = new Map<string, ReadonlySet<number>>();
  /** Nearest UPSs upstream of a node. The graph has no cycles. */
  function nearest(key: string, feed: FeedName | undefined): ReadonlySet<number> {
    const known = feed === undefined ? behind.get(key) : undefined;
    if (known !== undefined) return known;
    const found = new Set<number>();
    for (const edge of topology.into(key, 'supplies')) {
      if (feed !== undefined && edge.feed !== null && edge.feed !== feed) continue;
      const ups = indexOf.get(edge.from);
      if (ups !== undefined) found.add(ups);
      else for (const index of nearest(edge.from, undefined)) found.add(index);
    }
    if (feed === undefined) behind.set(key, found);
    return found;
  }

  const buses: Bus[] = [];
  const byName = new Map<string, number>();
  function busOf(rack: Rack, feed: FeedName): number {
    const ups = [...nearest(rack.key, feed)].sort((a, b) => a - b);
    const name = `${feed} ${ups.join(' ')}`;
    const known = byName.get(name);
    if (known !== undefined) return known;
    byName.set(name, buses.length);
    return buses.push({ feed, ups }) - 1;
  }
  const ofRack = {
    A: racks.map((rack) => busOf(rack, 'A')),
    B: racks.map((rack) => busOf(rack, 'B')),
  };
  return { buses, ofRack };
}
