import type { FeedName } from '../schema/common.ts';
import { feedNames, type Topology } from './graph.ts';

/** What is left of the supply when some things are out; keys as in the topology (`dc/rack-a01`, `dc/ups-a1`, `dc/panel:A`). */
interface Outage {
  /** Racks none of whose feeds has a source. */
  readonly dark: readonly string[];
  /** Racks that are left with one feed; those that have only one by configuration are among them. */
  readonly withoutRedundancy: readonly string[];
  /** Everything else that has no source any more: UPSs, panels, rack PDUs, PACs. What is itself out is not among them. */
  readonly withoutSource: readonly string[];
  /** The feeds that still reach a rack; racks that have both are left out. */
  readonly feeds: ReadonlyMap<string, readonly FeedName[]>;
}

/**
 * Which racks are dark, and which have lost one of their feeds, once these things are out and every transfer is over: a genset counts as a
 * source, a battery does not. Loads are not looked at; `server/capacity` does that. Keys the topology does not know take nothing out.
 */
export function outageOf(topology: Topology, out: ReadonlySet<string>): Outage {
  const known = new Map<string, boolean>();
  const isLive = (key: string): boolean => {
    if (out.has(key)) return false;
    let live = known.get(key);
    if (live !== undefined) return live;
    // The load refuses cycles of supply; a graph that has one anyway supplies nothing around it.
    known.set(key, false);
    const into = topology.into(key, 'supplies');
    live = into.length === 0 ? isSource(topology, key) : into.some(({ from }) => isLive(from));
    known.set(key, live);
    return live;
  };

  const dark: string[] = [];
  const withoutRedundancy: string[] = [];
  const withoutSource: string[] = [];
  const feeds = new Map<string, readonly FeedName[]>();
  for (const { key, kind } of topology.nodes) {
    const into = topology.into(key, 'supplies');
    if (kind === 'rack') {
      const live = out.has(key)
        ? []
        : feedNames.filter((feed) => into.some((edge) => edge.feed === feed && isLive(edge.from)));
      if (live.length === feedNames.length) continue;
      feeds.set(key, live);
      (live.length === 0 ? dark : withoutRedundancy).push(key);
    } else if (into.length > 0 && !out.has(key) && !isLive(key)) withoutSource.push(key);
  }
  return { dark, withoutRedundancy, withoutSource, feeds };
}

/** What nothing supplies is a source only if it makes power: a panel without UPSs is none. */
function isSource(topology: Topology, key: string): boolean {
  const node = topology.node(key);
  return node?.kind === 'grid' || node?.device === 'genset';
}
