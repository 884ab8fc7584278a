import { MultiDirectedGraph } from 'graphology';
import type { DeviceKind, FeedName } from '../schema/common.ts';

/** What an edge means: its source supplies power to, cools, carries the data of, or contains its target. */
export type EdgeType = 'supplies' | 'cools' | 'carries' | 'contains';

/**
 * `grid`: a PLN source as it enters the site. `panel`: the distribution of one feed, behind its UPSs. `gateway`: an address that several
 * devices share. `collector`: the process that polls the site.
 */
type NodeKind =
  'site' | 'room' | 'row' | 'rack' | 'grid' | 'panel' | 'broker' | 'gateway' | 'collector' | 'device';

export const feedNames: readonly FeedName[] = ['A', 'B'];

export interface TopologyNode {
  /**
   * Of sites, rooms, racks, devices and brokers as in the model (`dc/ups-a1`). What has no entry of its own is written with a colon:
   * `dc/grid:pln-a`, `dc/panel:A`, `dc/row:C`, `dc/broker:main`, `dc/gateway:10.0.0.1:502`, `dc/collector:site`.
   */
  readonly key: string;
  readonly site: string;
  readonly kind: NodeKind;
  /** The part of the key behind the site, which people know it by. */
  readonly id: string;
  readonly device: DeviceKind | null;
  readonly feed: FeedName | null;
}

export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  readonly type: EdgeType;
  /** Of supplies: the feed it is part of; null where it serves both. */
  readonly feed: FeedName | null;
  /** By kind, role and feed, or because the site's file reports it. */
  readonly why: 'default' | 'configured';
  /** Of an edge into a rack: the device that meters it, where the source does not do that itself. */
  readonly meter?: string;
}

/** How things hang together. Read only; built once at load. Unknown keys have no edges. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  node(key: string): TopologyNode | undefined;
  /** Edges into a thing: what supplies, cools, carries or contains it directly. */
  readonly into: (key: string, type: EdgeType) => readonly TopologyEdge[];
  /** Edges out of a thing: what depends on it directly. */
  readonly outOf: (key: string, type: EdgeType) => readonly TopologyEdge[];
  /** Everything the thing depends on, nearest first, without itself. */
  upstream(key: string, type: EdgeType): readonly TopologyNode[];
  /** Everything that depends on the thing, nearest first, without itself. */
  downstream(key: string, type: EdgeType): readonly TopologyNode[];
  /** Every way from a source to the thing, sources first; a rack's ways over one feed when that is given. */
  paths(key: string, type: EdgeType, feed?: FeedName): readonly (readonly string[])[];
  /** The meters (device keys) of one feed of a rack. */
  meters(rack: string, feed: FeedName): readonly string[];
}

export function createTopology(nodes: readonly TopologyNode[], edges: readonly TopologyEdge[]): Topology {
  const graph = new MultiDirectedGraph<TopologyNode, TopologyEdge>();
  for (const node of nodes) graph.addNode(node.key, node);
  for (const edge of edges) graph.addDirectedEdge(edge.from, edge.to, edge);

  const into = lookedUpOnce((key, type) =>
    graph.hasNode(key)
      ? graph.mapInEdges(key, (_edge, attributes) => attributes).filter((edge) => edge.type === type)
      : [],
  );
  const outOf = lookedUpOnce((key, type) =>
    graph.hasNode(key)
      ? graph.mapOutEdges(key, (_edge, attributes) => attributes).filter((edge) => edge.type === type)
      : [],
  );
  const reach = (key: string, next: (from: string) => readonly string[]): TopologyNode[] => {
    const seen = new Set([key]);
    // A set yields what is added while it is walked: breadth first.
    for (const each of seen) for (const other of next(each)) seen.add(other);
    seen.delete(key);
    return [...seen].map((each) => graph.getNodeAttributes(each));
  };

  return {
    nodes,
    edges,
    node: (key) => (graph.hasNode(key) ? graph.getNodeAttributes(key) : undefined),
    into,
    outOf,
    upstream: (key, type) => reach(key, (from) => into(from, type).map((edge) => edge.from)),
    downstream: (key, type) => reach(key, (from) => outOf(from, type).map((edge) => edge.to)),
    paths: (key, type, feed) =>
      into(key, type)
        .filter((edge) => feed === undefined || edge.feed === feed)
        .flatMap((edge) => pathsTo(edge.from, { type, into }, [key])),
    meters: (rack, feed) =>
      into(rack, 'supplies')
        .filter((edge) => edge.feed === feed)
        .flatMap(
          (edge) => edge.meter ?? (graph.getNodeAttribute(edge.from, 'kind') === 'device' ? edge.from : []),
        ),
  };
}

type Edges = (key: string, type: EdgeType) => readonly TopologyEdge[];

/** The graph never changes, and grouping alarms asks for the same edges again and again. */
function lookedUpOnce(edges: Edges): Edges {
  const known = new Map<string, readonly TopologyEdge[]>();
  return (key, type) => {
    const name = `${type} ${key}`;
    let found = known.get(name);
    if (found === undefined) known.set(name, (found = edges(key, type)));
    return found;
  };
}

interface PathSearch {
  readonly type: EdgeType;
  readonly into: Topology['into'];
}

function pathsTo(key: string, search: PathSearch, below: readonly string[]): string[][] {
  // A cycle is refused at load; a graph that is only being checked may have one.
  if (below.includes(key)) return [];
  const path = [key, ...below];
  const edges = search.into(key, search.type);
  return edges.length === 0 ? [path] : edges.flatMap((edge) => pathsTo(edge.from, search, path));
}

/** A cycle along edges of one type, as the keys on it, the first repeated at the end. */
export function findCycle(topology: Topology, type: EdgeType): string[] | undefined {
  const done = new Set<string>();
  const visit = (key: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(key);
    if (start >= 0) return [...path.slice(start), key];
    if (done.has(key)) return undefined;
    for (const edge of topology.outOf(key, type)) {
      const cycle = visit(edge.to, [...path, key]);
      if (cycle !== undefined) return cycle;
    }
    done.add(key);
    return undefined;
  };
  for (const { key } of topology.nodes) {
    const cycle = visit(key, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
