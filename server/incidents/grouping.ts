import type { Effect, ExplanationEntry } from '../../config/schema/rule.ts';
import type { Topology } from '../../config/topology/graph.ts';
import type { BoundAlarm } from '../../config/alarms/bind.ts';
import { createInference, type Inferred } from './inference.ts';
import { carrierReach, suppliersOf, supplyReach, type Reach } from './reach.ts';
import { assemble } from './assemble.ts';
import { seatOf } from './seat.ts';

export interface ActiveAlarm {
  readonly alarm: BoundAlarm;
  /** When its condition began, by the clock of its source, epoch ms. */
  readonly since: number;
}

/** What explains a consequence: an active alarm, or a cause that no alarm reports but most of what depends on it does. */
export interface Explanation {
  readonly through: ExplanationEntry['through'];
  /** Where the cause is, in the topology. */
  readonly node: string;
  /** `rule@point`; null: inferred. */
  readonly alarm: string | null;
}

export interface Member extends ActiveAlarm {
  readonly seat: string;
  /** Null: it is a cause itself. */
  readonly because: Explanation | null;
}

/** Where an incident has its cause. */
export interface Cause {
  readonly node: string;
  readonly effect: Effect | null;
  /** No alarm of its own: concluded from what depends on it. */
  readonly inferred: boolean;
}

/** Alarms that make one incident. */
export interface Group {
  /** By cause: the same for the same causes, whatever the order in which their alarms arrived. */
  readonly key: string;
  /** First-out: the one that began first, then the others by time. */
  readonly causes: readonly Cause[];
  /** Causes first, each part by the time it began. */
  readonly members: readonly Member[];
}

export type Grouping = (active: Iterable<ActiveAlarm>) => Group[];

/** Sources' clocks and polling intervals differ: a consequence may be seen this much before its cause. */
const seenEarlyMs = 120_000;

/**
 * Which active alarms belong together: a cause with its consequences, by what the rules say explains them and by how things hang
 * together. A pure function of topology and active alarms, from scratch: arrival order, restarts and the end of a suppression
 * make no difference. Fire, gas and water (`lifeSafety`) are gathered by the room they protect and never under another cause.
 * `alarms`: all there can be, by which it is known when most of what depends on something is in alarm.
 */
export function createGrouping(topology: Topology, alarms: readonly BoundAlarm[]): Grouping {
  const infer = createInference(topology, alarms);
  const seats = new Map(alarms.map((alarm) => [alarm.key, seatOf(alarm)]));

  return (active) => {
    const bySite = new Map<string, Seated[]>();
    for (const { alarm, since } of active) {
      const { site } = alarm.point;
      const list = bySite.get(site);
      const seated = { alarm, since, seat: seats.get(alarm.key) ?? seatOf(alarm) };
      if (list === undefined) bySite.set(site, [seated]);
      else list.push(seated);
    }
    return [...bySite.values()].flatMap((seated) => groupSite(topology, inOrder(seated), infer));
  };
}

export interface Seated extends ActiveAlarm {
  readonly seat: string;
}

function inOrder(seated: readonly Seated[]): Seated[] {
  return [...seated].sort((a, b) => a.since - b.since || a.alarm.index - b.alarm.index);
}

function groupSite(
  topology: Topology,
  seated: readonly Seated[],
  infer: ReturnType<typeof createInference>,
): Group[] {
  const inferred: Inferred[] = [];
  let explained = explainAll(topology, seated, inferred);
  for (;;) {
    const found = infer(
      seated.filter(({ alarm }) => !explained.has(alarm.key)),
      inferred,
    );
    if (found.length === 0) break;
    inferred.push(...found);
    explained = explainAll(topology, seated, inferred);
  }
  return assemble(topology, seated, { explained, inferred });
}

/** Explanations by `rule@point`. */
export type Explained = ReadonlyMap<string, Explanation>;

function explainAll(topology: Topology, seated: readonly Seated[], inferred: readonly Inferred[]): Explained {
  const faults = createFaults(topology, seated, inferred);
  const explained = new Map<string, Explanation>();
  for (const each of seated) {
    const because = each.alarm.rule.lifeSafety ? undefined : explain(each, faults);
    if (because !== undefined) explained.set(each.alarm.key, because);
  }
  return explained;
}

interface Fault {
  readonly node: string;
  readonly since: number;
  readonly alarm: BoundAlarm | null;
}

interface Faults {
  readonly topology: Topology;
  /** Earliest first. */
  at(node: string, effects: readonly Effect[]): readonly Fault[];
  reach(through: 'supplies' | 'carries', effects: readonly Effect[]): Reach;
}

/** What has failed at a site, and what that cuts off; each reach is worked out once. */
function createFaults(topology: Topology, seated: readonly Seated[], inferred: readonly Inferred[]): Faults {
  const byEffect = new Map<Effect, Map<string, Fault[]>>();
  const add = (effect: Effect, fault: Fault): void => {
    const byNode = byEffect.get(effect) ?? new Map<string, Fault[]>();
    byEffect.set(effect, byNode);
    byNode.set(fault.node, [...(byNode.get(fault.node) ?? []), fault]);
  };
  for (const { alarm, seat, since } of seated)
    if (alarm.rule.effect !== undefined && !alarm.rule.lifeSafety)
      add(alarm.rule.effect, { node: seat, since, alarm });
  for (const { node, effect, since } of inferred) add(effect, { node, since, alarm: null });

  const reaches = new Map<string, Reach>();
  return {
    topology,
    at: (node, effects) => effects.flatMap((effect) => byEffect.get(effect)?.get(node) ?? []),
    reach(through, effects) {
      const key = `${through} ${effects.join(' ')}`;
      let reach = reaches.get(key);
      if (reach === undefined) {
        const failed = new Set(effects.flatMap((effect) => [...(byEffect.get(effect)?.keys() ?? [])]));
        reach = through === 'supplies' ? supplyReach(topology, failed) : carrierReach(topology, failed);
        reaches.set(key, reach);
      }
      return reach;
    },
  };
}

/** The first of the rule's explanations that holds; among several causes the one that began first. */
function explain({ alarm, seat, since }: Seated, faults: Faults): Explanation | undefined {
  for (const entry of alarm.rule.explainedBy) {
    const causes = causesOf(entry, { alarm, seat }, faults)
      .flatMap((node) => faults.at(node, entry.effects))
      .filter((fault) => fault.alarm !== alarm && isInTime(entry, since, fault.since));
    const first = causes.reduce<Fault | undefined>(
      (best, fault) => (best === undefined || fault.since < best.since ? fault : best),
      undefined,
    );
    if (first !== undefined)
      return { through: entry.through, node: first.node, alarm: first.alarm?.key ?? null };
  }
  return undefined;
}

function isInTime({ within }: ExplanationEntry, since: number, causeSince: number): boolean {
  if (within === undefined) return true;
  return since >= causeSince - seenEarlyMs && since <= causeSince + within;
}

/** Nodes where a cause of this kind would explain the alarm. */
function causesOf(
  { through, effects, paths }: ExplanationEntry,
  { alarm, seat }: Pick<Seated, 'alarm' | 'seat'>,
  faults: Faults,
): readonly string[] {
  const { topology } = faults;
  switch (through) {
    case 'self':
      return [seat];
    case 'cools':
      return coolersOf(topology, alarm);
    case 'carries':
      return [...faults.reach('carries', effects).failedBehind(seat), ...placesOf(alarm)];
    case 'supplies': {
      const reach = faults.reach('supplies', effects);
      const suppliers = suppliersOf(topology, seat);
      const down = suppliers.filter((supplier) => reach.isDown(supplier));
      const isCut = paths === 'one' ? down.length > 0 : down.length > 0 && down.length === suppliers.length;
      return isCut ? reach.failedBehind(seat) : [];
    }
  }
}

/** An inferred cut of the network is at the room (inference.ts). */
function placesOf({ point }: Pick<BoundAlarm, 'point'>): string[] {
  return point.room === undefined ? [] : [`${point.site}/${point.room}`];
}

/** PACs of the alarm's row and room. */
function coolersOf(topology: Topology, { point }: Pick<BoundAlarm, 'point'>): string[] {
  const row =
    point.rack === undefined
      ? []
      : topology.into(`${point.site}/${point.rack}`, 'contains').map(({ from }) => from);
  return [...row, ...placesOf({ point })].flatMap((place) =>
    topology.into(place, 'cools').map(({ from }) => from),
  );
}
