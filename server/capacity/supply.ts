import type { PlanNode, SupplyPlan } from './plan.ts';

/** Per rack feed, in the order of `feedNames`; index of the rack. */
type PerFeed<Value> = readonly [Value, Value];

/**
 * What the supply has to carry now, by one reading of what is not known: everything at its least, or everything at its most. What
 * is the same by both is certain.
 */
export interface Loads {
  /** kW of every rack feed; of one that is not known its least or its most. */
  readonly rackKw: PerFeed<Float64Array>;
  /** 1: not known. Together such feeds carry at most `unmeteredKw`, by the meters above them. */
  readonly isUnknown: PerFeed<Uint8Array>;
  readonly unmeteredKw: number;
  /** Highest phase current of every rack feed, A: while it shares the rack with the other feed, and while it carries the rack alone. */
  readonly sharedAmps: PerFeed<Float64Array>;
  readonly aloneAmps: PerFeed<Float64Array>;
  /** What no UPS carries: PACs, losses of the UPSs, lights, kW. */
  readonly otherKw: number;
  /** What each node may carry, kW; infinite: it is not judged. */
  readonly capacityKw: Float64Array;
  /** Nodes that are out at present. */
  readonly out: readonly number[];
}

/** What becomes of a rack; the higher, the worse. */
type RackCode = 0 | 1 | 2 | 3;
export const survives = 0;
export const losesRedundancy = 1;
export const overloads = 2;
export const dark = 3;

/** An element that was loaded beyond what it carries and switched off. */
export interface Trip {
  /** A node, or a rack's breaker. */
  readonly node: number | undefined;
  readonly rack: number | undefined;
  readonly feed: 0 | 1 | undefined;
  /** kW, of a breaker A. */
  readonly load: number;
  readonly limit: number;
  /** 1: by the failure itself, 2: by the load that the first trips moved, … */
  readonly step: number;
}

/** The supply after everything has settled. */
export interface SupplyState {
  /** By node: 1 has a source. A UPS that only has its battery has none. */
  readonly live: Uint8Array;
  /** By node: 1 all it gets comes from gensets. */
  readonly onGensets: Uint8Array;
  readonly loadKw: Float64Array;
  /** What feeds that are not known would add up to by node; `loadKw` holds of it what the meters above allow at most. */
  readonly unmeteredKw: Float64Array;
  readonly feedLive: PerFeed<Uint8Array>;
  /** By rack, `RackCode`. */
  readonly racks: Uint8Array;
  readonly trips: readonly Trip[];
  /** What the gensets carry, and may carry together, kW. */
  readonly gensetKw: number;
  readonly gensetRatedKw: number;
}

/** Breakers and cables are loaded to this share of their rating at most (NEC 210.20, IEC practice for continuous loads). */
export const continuousShare = 0.8;
/** Sums of many small loads differ in their last digits by the order of summing. */
const tolerance = 1 + 1e-9;

/**
 * What carries what once some nodes are out: loads move to the feeds and sources that are left; whatever is loaded beyond its rating switches off
 * and its load moves on, until nothing more trips. Transfers are over; a UPS without a source is dead, or carries on while batteries are full.
 */
export function settle(
  plan: SupplyPlan,
  loads: Loads,
  { out, batteries = 'empty' }: { readonly out: readonly number[]; readonly batteries?: 'empty' | 'full' },
): SupplyState {
  const { nodes, racks } = plan;
  const isOut = new Uint8Array(nodes.length);
  for (const node of loads.out) isOut[node] = 1;
  for (const node of out) isOut[node] = 1;
  const isOpen: PerFeed<Uint8Array> = [new Uint8Array(racks.length), new Uint8Array(racks.length)];
  const flow = createFlow(plan);
  const trips: Trip[] = [];
  for (let step = 1; ; step += 1) {
    spreadSource(plan, { isOut, batteries }, flow);
    spreadLoad(plan, { loads, isOpen }, flow);
    const found = findTrips(plan, { loads, step }, flow);
    if (found.length === 0) break;
    trips.push(...found);
    for (const { node, rack, feed } of found) {
      if (node !== undefined) isOut[node] = 1;
      else if (rack !== undefined && feed !== undefined) isOpen[feed][rack] = 1;
    }
  }
  const rackStates = new Uint8Array(racks.length);
  for (let rack = 0; rack < racks.length; rack += 1) rackStates[rack] = codeOf(plan, { loads, rack }, flow);
  return { ...flow, racks: rackStates, trips };
}

interface Flow {
  readonly live: Uint8Array;
  readonly onGensets: Uint8Array;
  readonly loadKw: Float64Array;
  /** Share of `loadKw` that is not metered rack by rack. */
  readonly unmeteredKw: Float64Array;
  readonly feedLive: PerFeed<Uint8Array>;
  gensetKw: number;
  gensetRatedKw: number;
}

function createFlow({ nodes, racks }: SupplyPlan): Flow {
  return {
    live: new Uint8Array(nodes.length),
    onGensets: new Uint8Array(nodes.length),
    loadKw: new Float64Array(nodes.length),
    unmeteredKw: new Float64Array(nodes.length),
    feedLive: [new Uint8Array(racks.length), new Uint8Array(racks.length)],
    gensetKw: 0,
    gensetRatedKw: 0,
  };
}

/** A transfer switch takes PLN while it has it, and the gensets else. */
export function activeSuppliers(
  node: Pick<PlanNode, 'suppliers'>,
  nodes: readonly PlanNode[],
  live: Uint8Array,
): number[] {
  const withoutGensets = hasOther(node, nodes, live);
  return node.suppliers.filter((supplier) => isActive(supplier, { nodes, live, withoutGensets }));
}

function spreadSource(
  { nodes }: SupplyPlan,
  { isOut, batteries }: { readonly isOut: Uint8Array; readonly batteries: 'empty' | 'full' },
  flow: Flow,
): void {
  const { live, onGensets } = flow;
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index];
    if (node === undefined) continue;
    const { kind, suppliers } = node;
    const withoutGensets = hasOther(node, nodes, live);
    let active = 0;
    let byGensets = true;
    for (const supplier of suppliers) {
      if (!isActive(supplier, { nodes, live, withoutGensets })) continue;
      active += 1;
      if (onGensets[supplier] !== 1) byGensets = false;
    }
    const isSource = kind === 'grid' || kind === 'genset';
    const hasPower =
      active > 0 || (suppliers.length === 0 && isSource) || (kind === 'ups' && batteries === 'full');
    live[index] = hasPower && isOut[index] !== 1 ? 1 : 0;
    onGensets[index] = live[index] === 1 && (kind === 'genset' || (active > 0 && byGensets)) ? 1 : 0;
  }
}

/** Whether one of a node's live suppliers is no genset: then it takes none of a genset. */
function hasOther(
  { suppliers }: Pick<PlanNode, 'suppliers'>,
  nodes: readonly PlanNode[],
  live: Uint8Array,
): boolean {
  for (const supplier of suppliers)
    if (live[supplier] === 1 && nodes[supplier]?.kind !== 'genset') return true;
  return false;
}

/** Asked a million times a minute: the loops over suppliers use it without an array of them. */
function isActive(
  supplier: number,
  {
    nodes,
    live,
    withoutGensets,
  }: { readonly nodes: readonly PlanNode[]; readonly live: Uint8Array; readonly withoutGensets: boolean },
): boolean {
  return live[supplier] === 1 && !(withoutGensets && nodes[supplier]?.kind === 'genset');
}

interface Carried {
  readonly loads: Loads;
  /** Breakers of rack feeds that have tripped. */
  readonly isOpen: PerFeed<Uint8Array>;
}

function spreadLoad(plan: SupplyPlan, { loads, isOpen }: Carried, flow: Flow): void {
  const { nodes, racks, buses } = plan;
  const { live, loadKw, unmeteredKw, feedLive } = flow;
  loadKw.fill(0);
  unmeteredKw.fill(0);
  flow.gensetKw = 0;
  /** The load of feed `from`, by the feed that has it now. */
  const carry = (rack: number, { from, to }: { readonly from: 0 | 1; readonly to: 0 | 1 }): void => {
    const kw = loads.rackKw[from][rack] ?? 0;
    if (kw === 0) return;
    const suppliers = racks[rack]?.feeds[to]?.suppliers ?? none;
    const share = kw / countLive(suppliers, live);
    const into = loads.isUnknown[from][rack] === 1 ? unmeteredKw : loadKw;
    for (const node of suppliers) if (live[node] === 1) into[node] = (into[node] ?? 0) + share;
  };
  for (let rack = 0; rack < racks.length; rack += 1) {
    const feeds = racks[rack]?.feeds;
    const hasA = isOpen[0][rack] !== 1 && countLive(feeds?.[0]?.suppliers, live) > 0;
    const hasB = isOpen[1][rack] !== 1 && countLive(feeds?.[1]?.suppliers, live) > 0;
    feedLive[0][rack] = hasA ? 1 : 0;
    feedLive[1][rack] = hasB ? 1 : 0;
    if (hasA || hasB) {
      carry(rack, { from: 0, to: hasA ? 0 : 1 });
      carry(rack, { from: 1, to: hasB ? 1 : 0 });
    }
  }
  const liveBuses = buses.filter((bus) => live[bus] === 1);
  for (const bus of liveBuses) loadKw[bus] = (loadKw[bus] ?? 0) + loads.otherKw / liveBuses.length;
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    const node = nodes[index];
    if (node === undefined || live[index] !== 1) continue;
    const withoutGensets = hasOther(node, nodes, live);
    let active = 0;
    for (const supplier of node.suppliers)
      if (isActive(supplier, { nodes, live, withoutGensets })) active += 1;
    if (active === 0) continue;
    const kw = (loadKw[index] ?? 0) / active;
    const unmetered = (unmeteredKw[index] ?? 0) / active;
    for (const supplier of node.suppliers) {
      if (!isActive(supplier, { nodes, live, withoutGensets })) continue;
      loadKw[supplier] = (loadKw[supplier] ?? 0) + kw;
      unmeteredKw[supplier] = (unmeteredKw[supplier] ?? 0) + unmetered;
    }
  }
  // What feeds are not known to carry is bounded by the meters above them, however many feeds that is.
  for (let index = 0; index < nodes.length; index += 1) {
    loadKw[index] = (loadKw[index] ?? 0) + Math.min(unmeteredKw[index] ?? 0, loads.unmeteredKw);
  }
}

const none: readonly number[] = [];

function countLive(nodes: readonly number[] | undefined, live: Uint8Array): number {
  let count = 0;
  for (const node of nodes ?? none) if (live[node] === 1) count += 1;
  return count;
}

function other(feed: 0 | 1): 0 | 1 {
  return feed === 0 ? 1 : 0;
}

function findTrips(
  plan: SupplyPlan,
  { loads, step }: { readonly loads: Loads; readonly step: number },
  flow: Flow,
): Trip[] {
  const { nodes, racks } = plan;
  const { live, loadKw, feedLive } = flow;
  const found: Trip[] = [];
  const trip = (at: Pick<Trip, 'node' | 'rack' | 'feed'>, load: number, limit: number): void => {
    if (load > limit * tolerance) found.push({ ...at, load, limit, step });
  };
  const tripFeed = (rack: number, feed: 0 | 1): void => {
    const amps = racks[rack]?.feeds[feed]?.breakerAmps;
    if (amps === undefined || feedLive[feed][rack] !== 1) return;
    trip({ node: undefined, rack, feed }, ampsOf({ loads, rack, feed }, flow), amps);
  };
  flow.gensetKw = 0;
  flow.gensetRatedKw = 0;
  for (const [index, { kind }] of nodes.entries()) {
    if (live[index] !== 1) continue;
    const limit = loads.capacityKw[index] ?? Number.POSITIVE_INFINITY;
    if (kind === 'genset') {
      flow.gensetKw += loadKw[index] ?? 0;
      flow.gensetRatedKw += limit;
    } else trip({ node: index, rack: undefined, feed: undefined }, loadKw[index] ?? 0, limit);
  }
  // Gensets share one bus: they fall together.
  if (flow.gensetKw > flow.gensetRatedKw * tolerance)
    for (const [index, { kind }] of nodes.entries())
      if (kind === 'genset' && live[index] === 1)
        found.push({
          node: index,
          rack: undefined,
          feed: undefined,
          load: flow.gensetKw,
          limit: flow.gensetRatedKw,
          step,
        });
  for (let rack = 0; rack < racks.length; rack += 1) {
    tripFeed(rack, 0);
    tripFeed(rack, 1);
  }
  return found;
}

interface RackFeed {
  readonly loads: Loads;
  readonly rack: number;
  readonly feed: 0 | 1;
}

function ampsOf({ loads, rack, feed }: RackFeed, { feedLive }: Pick<Flow, 'feedLive'>): number {
  const amps = feedLive[other(feed)][rack] === 1 ? loads.sharedAmps : loads.aloneAmps;
  return amps[feed][rack] ?? 0;
}

function codeOf(
  plan: SupplyPlan,
  { loads, rack }: { readonly loads: Loads; readonly rack: number },
  flow: Pick<Flow, 'feedLive'>,
): RackCode {
  const hasA = flow.feedLive[0][rack] === 1;
  const hasB = flow.feedLive[1][rack] === 1;
  if (!hasA && !hasB) return dark;
  if (hasA && isOverloaded(plan, { loads, rack, feed: 0 }, flow)) return overloads;
  if (hasB && isOverloaded(plan, { loads, rack, feed: 1 }, flow)) return overloads;
  return hasA && hasB ? survives : losesRedundancy;
}

/** A live feed carries more than the rack may draw from it, or its breaker may carry for long. */
function isOverloaded(
  { racks }: SupplyPlan,
  { loads, rack, feed }: RackFeed,
  flow: Pick<Flow, 'feedLive'>,
): boolean {
  const { rack: spec, feeds } = racks[rack] ?? {};
  const own = loads.rackKw[feed][rack] ?? 0;
  const alone = flow.feedLive[other(feed)][rack] !== 1;
  const kw = alone ? own + (loads.rackKw[other(feed)][rack] ?? 0) : own;
  if (kw > (spec?.limitKw ?? Number.POSITIVE_INFINITY) * tolerance) return true;
  const amps = feeds?.[feed]?.breakerAmps;
  return amps !== undefined && ampsOf({ loads, rack, feed }, flow) > amps * continuousShare * tolerance;
}
