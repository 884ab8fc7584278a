import type { Rack } from '../../config/model.ts';
import type { FeedName } from '../../config/schema/common.ts';
import type { Topology } from '../../config/topology/graph.ts';

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
