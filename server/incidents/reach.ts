import type { EdgeType, Topology } from '../../config/topology/graph.ts';

/**
 * What is cut off when some things fail. Over `supplies` a thing is without supply when all that supplies it failed or is
 * without supply itself; gensets stand by and keep nothing supplied unless they are all there is. Over `carries` every carrier
 * named on the way must work, and of the routers one.
 */
export interface Reach {
  /** Fails, or is cut off by what failed. */
  isDown(node: string): boolean;
  /** Of a thing whose supply or carrier is down: the failed ones nearest to it. */
  failedBehind(node: string): readonly string[];
}

/** Suppliers that count as a path. */
export function suppliersOf(topology: Topology, node: string): readonly string[] {
  const all = topology.into(node, 'supplies').map(({ from }) => from);
  const running = all.filter((key) => topology.node(key)?.device !== 'genset');
  return running.length > 0 ? running : all;
}

export function supplyReach(topology: Topology, failed: ReadonlySet<string>): Reach {
  const known = new Map<string, boolean>();
  const isDown = (node: string): boolean => {
    if (failed.has(node)) return true;
    const before = known.get(node);
    if (before !== undefined) return before;
    const suppliers = suppliersOf(topology, node);
    const down = suppliers.length > 0 && suppliers.every(isDown);
    known.set(node, down);
    return down;
  };
  return {
    isDown,
    failedBehind: (node) => nearest(node, failed, (key) => suppliersOf(topology, key).filter(isDown)),
  };
}

export function carrierReach(topology: Topology, failed: ReadonlySet<string>): Reach {
  const carriersOf = (node: string): readonly string[] =>
    topology.into(node, 'carries').map(({ from }) => from);
  const isRouter = (key: string): boolean => topology.node(key)?.device === 'router';
  const cutBy = (node: string): readonly string[] => {
    const carriers = carriersOf(node);
    const routers = carriers.filter((key) => isRouter(key) && topology.node(node)?.kind !== 'device');
    const inSeries = carriers.filter((key) => !routers.includes(key));
    const down = inSeries.filter(isDown);
    if (down.length > 0) return down;
    return routers.length > 0 && routers.every(isDown) ? routers : [];
  };
  const isDown = (node: string): boolean => failed.has(node) || cutBy(node).length > 0;
  return { isDown, failedBehind: (node) => nearest(node, failed, cutBy) };
}

function nearest(
  from: string,
  failed: ReadonlySet<string>,
  next: (node: string) => readonly string[],
): string[] {
  const found: string[] = [];
  const seen = new Set([from]);
  const queue = [from];
  for (const node of queue)
    for (const before of next(node)) {
      if (seen.has(before)) continue;
      seen.add(before);
      if (failed.has(before)) found.push(before);
      else queue.push(before);
    }
  return found;
}

/** The things from one that is affected to what affects it, both included; without the ones between where no edges lead there. */
export function pathBetween(
  topology: Topology,
  from: string,
  { node, through }: { readonly node: string; readonly through: EdgeType | 'self' },
): string[] {
  if (through === 'self' || from === node) return [from];
  const next = (key: string): readonly string[] => topology.into(key, through).map((edge) => edge.from);
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const key of cameFrom.keys())
    for (const before of next(key)) if (!cameFrom.has(before)) cameFrom.set(before, key);
  if (!cameFrom.has(node)) return [from, node];
  const path: string[] = [];
  for (let key: string | undefined = node; key !== undefined; key = cameFrom.get(key)) path.unshift(key);
  return path.reverse();
}
