import type { Model } from '../../config/model.ts';
import { siteOfAlarm } from '../../core/alarm-key.ts';
import type { Clock } from '../../core/clock.ts';
import type { BoundAlarm } from '../../config/alarms/bind.ts';
import type { AlarmChange } from '../alarms/engine.ts';
import { isActive, isUnseen, quiet, type AlarmFacts } from '../alarms/facts.ts';
import type { OccurrenceRow } from '../alarms/journal.ts';
import { createDescriber } from './describe.ts';
import { createGrouping, type ActiveAlarm, type Group } from './grouping.ts';
import type { Situation } from '../../domain/wording/situation.ts';
import type { RiskFinder } from './risk.ts';
import type { Standing } from './situation.ts';
import { placeGroups, type Placement } from './placing.ts';
import {
  becauseText,
  isWorse,
  type IncidentRecord,
  type IncidentRow,
  type LinkRow,
  type TimelineEvent,
} from './record.ts';
import type { LinkedOccurrence } from './repository.ts';
import { eventOf } from './timeline.ts';

/** An occurrence that is linked to an incident, and whether it counts there as active and as not yet acknowledged. */
interface LinkedAlarm {
  readonly link: LinkRow;
  readonly occurrence: OccurrenceRow;
  readonly active: boolean;
  readonly unseen: boolean;
}

/** An incident in memory: one that is not resolved. */
export interface LiveIncident {
  incident: IncidentRow;
  worst: OccurrenceRow | null;
  /** The latest linked occurrence of each alarm, by `rule@point`. */
  readonly links: Map<string, LinkedAlarm>;
  /** Of its active alarms, when they were last grouped. */
  groups: readonly Group[];
}

/** Its alarms that nobody has acknowledged, by `rule@point`. */
export function unseenIn({ links }: LiveIncident): string[] {
  return [...links].filter(([, linked]) => linked.unseen).map(([key]) => key);
}

/** What changes are to be written; rows replace older ones of the same key. */
export interface IncidentOutput {
  /** `matters`: false when only the worst value changed, which can wait. */
  incident(record: IncidentRecord, matters: boolean): void;
  link(row: LinkRow): void;
  event(incident: string, event: TimelineEvent): void;
}

/** An occurrence cannot be moved between these incidents, or these cannot be merged or split. */
export class MoveRefused extends Error {
  override readonly name = 'MoveRefused';
}

/** Who does it, and why. */
interface By {
  readonly actor: string;
  readonly reason: string;
}

export interface Move extends By {
  readonly alarm: string;
  readonly from: string;
  readonly to: string;
}

export interface Merge extends By {
  readonly from: string;
  readonly to: string;
}

export interface Split extends By {
  readonly from: string;
  /** `rule@point`, at least one and not all. */
  readonly alarms: readonly string[];
}

export interface OpenIncidents {
  /** Applies transitions of alarms to the incidents, in order; in a flood they are grouped a little later, all at once. */
  apply(changes: readonly AlarmChange[]): void;
  /** Groups what waits for it, before the incidents are read or acted on. */
  settle(): void;
  find(id: string): LiveIncident | undefined;
  all(): IterableIterator<LiveIncident>;
  /** The incident linked to the latest occurrence of an alarm. */
  holding(key: string): LiveIncident | undefined;
  /** Records who acknowledged, after the engine has applied it. `first`: something was not acknowledged before. */
  acknowledge(
    live: LiveIncident,
    by: { readonly actor: string; readonly at: number; readonly first: boolean },
  ): void;
  /** Changes what people or time say of an incident, and nothing of its alarms. */
  amend(live: LiveIncident, change: Partial<IncidentRow>, at: number): void;
  /** Takes one back that was over; an alarm that comes again joins it, and it ends only once a person closes it. */
  reopen(
    record: IncidentRecord,
    details: {
      readonly linked: readonly LinkedOccurrence[];
      readonly change: Partial<IncidentRow>;
      readonly at: number;
    },
  ): void;
  /** Links an active alarm's occurrence to another open incident. Throws MoveRefused. */
  move(move: Move, at: number): void;
  /** Moves everything that counts in one incident to another one, which goes on for both. Throws MoveRefused. */
  merge(merge: Merge, at: number): void;
  /** Makes an incident of its own of some alarms; answers with its id. Throws MoveRefused. */
  split(split: Split, at: number): string;
  /** Titles with the values of now; true when one changed. */
  retitle(): boolean;
  /** After a restart: brings what was stored in line with the alarms as they are. */
  reconcile(alarms: Iterable<{ readonly alarm: BoundAlarm; readonly facts: AlarmFacts }>, at: number): void;
}

/** Below this, grouping is done at every change. */
const cheapMs = 5;
const restFactor = 4;

/** Keeps the incidents that are not resolved, and links active alarms to them by `grouping.ts` and `placing.ts`. */
export function createOpenIncidents(options: {
  readonly model: Model;
  /** Every alarm that the configuration knows. */
  readonly alarms: readonly BoundAlarm[];
  readonly newId: (now: number) => string;
  readonly restored: readonly LiveIncident[];
  /** The latest occurrence of an alarm. */
  readonly occurrenceOf: (key: string) => OccurrenceRow | undefined;
  readonly situationOf: (standing: Standing) => Situation;
  readonly risk: RiskFinder;
  readonly output: IncidentOutput;
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  /** Called when a later grouping has changed incidents: they are to be written. */
  readonly regrouped: () => void;
}): OpenIncidents {
  const { model, newId, occurrenceOf, output, clock } = options;
  const group = createGrouping(model.topology, options.alarms);
  const describe = createDescriber({ ...options, model, occurrenceOf });
  const byId = new Map(options.restored.map((live) => [live.incident.id, live]));
  const holders = new Map<string, LiveIncident>();
  /** Every active alarm, by site, in the order in which they became so. */
  const active = new Map<string, Map<string, BoundAlarm>>();
  /** Active alarms that no incident is linked to yet, and since when. */
  const unplaced = new Map<string, { readonly at: number; readonly unseen: boolean }>();
  for (const live of options.restored) for (const key of live.links.keys()) holders.set(key, live);

  function activeAt(site: string): Map<string, BoundAlarm> {
    const found = active.get(site) ?? new Map<string, BoundAlarm>();
    active.set(site, found);
    return found;
  }

  /** Keeps the figures of the row in step with one link. */
  function put(live: LiveIncident, key: string, linked: LinkedAlarm, isNew: boolean): void {
    const before = live.links.get(key);
    live.links.set(key, linked);
    const { occurrence } = linked;
    const isSame = live.worst?.alarm === occurrence.alarm && live.worst.number === occurrence.number;
    if (isSame || isWorse(occurrence, live.worst)) live.worst = occurrence;
    const { incident } = live;
    live.incident = {
      ...incident,
      active: incident.active + Number(linked.active) - Number(before?.active ?? false),
      unacknowledged: incident.unacknowledged + Number(linked.unseen) - Number(before?.unseen ?? false),
      total: incident.total + Number(isNew),
      worst_alarm: live.worst?.alarm ?? null,
      worst_occurrence: live.worst?.number ?? null,
    };
  }

  /**
   * Ends the condition of an incident without active alarms, resolves it when all of it is acknowledged too, and lets it go then.
   * Call once after each change.
   */
  function finish(live: LiveIncident, at: number, { note, matters = true }: FinishOptions = {}): void {
    const { active: count, unacknowledged, returned_at: returnedAt } = live.incident;
    const isOver = count === 0;
    const isSeen = unacknowledged === 0;
    const { id } = live.incident;
    const withNote = note === undefined ? {} : { note };
    if (!isOver && returnedAt !== null) live.incident = { ...live.incident, returned_at: null };
    if (isOver && returnedAt === null) {
      live.incident = { ...describe.over(live), returned_at: at };
      if (!isSeen) output.event(id, { at, kind: 'returned', ...withNote });
    }
    if (isOver && isSeen && live.incident.resolved_at === null && !waitsToBeClosed(live.incident)) {
      live.incident = { ...live.incident, resolved_at: at };
      output.event(id, { at, kind: 'resolved', ...withNote });
    }
    save(live, matters);
  }

  function save(live: LiveIncident, matters = true): void {
    live.incident = { ...live.incident, version: live.incident.version + 1 };
    output.incident({ incident: live.incident, worst: live.worst }, matters);
    if (live.incident.resolved_at === null) return;
    byId.delete(live.incident.id);
    for (const key of live.links.keys()) if (holders.get(key) === live) holders.delete(key);
  }

  function openIncident(of: Group, at: number): LiveIncident {
    const incident: IncidentRow = { ...describe.opened(of, at), id: newId(at) };
    const live: LiveIncident = { incident, worst: null, links: new Map(), groups: [of] };
    byId.set(incident.id, live);
    return live;
  }

  function link(live: LiveIncident, key: string, details: LinkDetails): void {
    const { occurrence, active: isActiveNow, unseen, at, pinned = false, because = null } = details;
    const row: LinkRow = {
      incident: live.incident.id,
      alarm: key,
      occurrence: occurrence.number,
      position: live.incident.total + 1,
      linked_at: at,
      pinned: pinned ? 1 : 0,
      moved_to: null,
      because,
      version: (live.links.get(key)?.link.version ?? 0) + 1,
    };
    put(live, key, { link: row, occurrence, active: isActiveNow, unseen }, true);
    holders.set(key, live);
    output.link(row);
  }

  /** Takes an occurrence out of one incident and links it to another one. */
  function transfer(key: string, to: LiveIncident, how: { at: number; pinned: boolean }): void {
    const from = holders.get(key);
    const linked = from?.links.get(key);
    if (from === undefined || linked === undefined || from === to) return;
    const { occurrence, active: isActiveNow, unseen } = linked;
    const moved = { ...linked.link, moved_to: to.incident.id, version: linked.link.version + 1 };
    put(from, key, { ...linked, link: moved, active: false, unseen: false }, false);
    from.worst = worstOf(from);
    from.incident = {
      ...from.incident,
      total: from.incident.total - 1,
      worst_alarm: from.worst?.alarm ?? null,
      worst_occurrence: from.worst?.number ?? null,
    };
    from.links.delete(key);
    output.link(moved);
    link(to, key, { occurrence, active: isActiveNow, unseen, because: linked.link.because, ...how });
  }

  /** Everything that is active or waits to be acknowledged goes over; the incident that is left is resolved. */
  function mergeInto(from: LiveIncident, to: LiveIncident, { at, by }: { at: number; by: By | null }): void {
    const counting = [...from.links].filter(([, linked]) => linked.active || linked.unseen);
    for (const [key] of counting) transfer(key, to, { at, pinned: by !== null });
    const { id } = from.incident;
    const acknowledgedAt = to.incident.acknowledged_at ?? from.incident.acknowledged_at;
    to.incident = {
      ...to.incident,
      acknowledged_at: acknowledgedAt,
      acknowledged_by: to.incident.acknowledged_by ?? from.incident.acknowledged_by,
    };
    from.incident = {
      ...from.incident,
      merged_into: to.incident.id,
      returned_at: from.incident.returned_at ?? at,
      resolved_at: at,
    };
    const event = { at, actor: by?.actor ?? null };
    const reason = by === null ? '' : `${by.reason} `;
    output.event(id, { ...event, kind: 'merged-into', note: `${reason}→ ${to.incident.id}` });
    output.event(to.incident.id, { ...event, kind: 'merged-from', note: `${reason}← ${id}` });
    save(from);
  }

  /** Groups the active alarms of a site and links those that are new, or have a cause elsewhere. */
  function regroup(site: string): void {
    const list: ActiveAlarm[] = [];
    for (const [key, alarm] of active.get(site) ?? []) {
      const occurrence = occurrenceOf(key);
      if (occurrence !== undefined) list.push({ alarm, since: occurrence.since_at });
    }
    const placements = placeGroups(group(list), {
      holderOf(key) {
        const live = unplaced.has(key) ? undefined : holders.get(key);
        return live === undefined
          ? undefined
          : { id: live.incident.id, openedAt: live.incident.opened_at, active: live.incident.active };
      },
      isPinned: (key) => holders.get(key)?.links.get(key)?.link.pinned === 1,
    });
    const touched = new Map<LiveIncident, { readonly groups: Group[]; at: number }>();
    for (const placement of placements) {
      const { live, at } = carryOut(placement, touched);
      const known = touched.get(live);
      if (known === undefined) touched.set(live, { groups: [placement.group], at });
      else {
        known.groups.push(placement.group);
        known.at = Math.max(known.at, at);
      }
    }
    for (const [live, { groups, at }] of touched) {
      explain(live, groups);
      if (groups.length === 0 || !refresh(live, groups, at)) continue;
      finish(live, at);
    }
  }

  /** Answers with the group's incident, and when something was linked to it; 0 when nothing was. */
  function carryOut(
    { group: of, target, merged, joining }: Placement,
    touched: Map<LiveIncident, { readonly groups: Group[]; at: number }>,
  ): { live: LiveIncident; at: number } {
    const known = target === null ? undefined : byId.get(target);
    let latest = 0;
    for (const { alarm } of joining) latest = Math.max(latest, unplaced.get(alarm.key)?.at ?? 0);
    if (latest === 0) latest = Math.max(0, ...of.members.map(({ alarm }) => changedAt.get(alarm.key) ?? 0));
    const first = joining[0];
    const live = known ?? openIncident(of, first === undefined ? latest : openedAt(joining, latest));
    let isFirst = known === undefined;
    const moved = new Map<LiveIncident, string[]>();
    for (const { alarm, because } of joining) {
      const { key, point } = alarm;
      const waiting = unplaced.get(key);
      if (waiting === undefined) {
        const from = holders.get(key);
        if (from === undefined || merged.includes(from.incident.id)) continue;
        moved.set(from, [...(moved.get(from) ?? []), point.id]);
        transfer(key, live, { at: latest, pinned: false });
        continue;
      }
      unplaced.delete(key);
      const occurrence = occurrenceOf(key);
      if (occurrence === undefined) continue;
      const { at, unseen } = waiting;
      link(live, key, { occurrence, active: true, unseen, at, because: becauseText(because) });
      const kind = isFirst ? 'opened' : 'alarm-raised';
      isFirst = false;
      output.event(live.incident.id, { at, kind, point: point.id, value: occurrence.value });
    }
    for (const [from, points] of moved) {
      const event = { at: latest, point: points[0] ?? null, value: points.length };
      output.event(from.incident.id, { ...event, kind: 'alarm-moved-out', note: `→ ${live.incident.id}` });
      output.event(live.incident.id, { ...event, kind: 'alarm-moved-in', note: `← ${from.incident.id}` });
      if (!touched.has(from)) finish(from, latest);
    }
    for (const id of merged) {
      const from = byId.get(id);
      if (from !== undefined) mergeInto(from, live, { at: latest, by: null });
    }
    return { live, at: joining.length > 0 || merged.length > 0 ? latest : 0 };
  }

  /** When the latest change of each alarm happened that was not grouped yet. */
  const changedAt = new Map<string, number>();
  /** Sites with changes that were not grouped yet. */
  const dirty = new Set<string>();
  let restUntil = -Infinity;
  let wake: (() => void) | undefined;

  /** Grouping thousands of alarms takes a moment: in a flood it rests in between, so that it never takes more than a share of the time. */
  function regroupDirty(): void {
    const before = clock.monotonic();
    for (const site of dirty) regroup(site);
    dirty.clear();
    changedAt.clear();
    const tookMs = clock.monotonic() - before;
    restUntil = tookMs < cheapMs ? -Infinity : before + tookMs * restFactor;
  }

  function openedAt(joining: Placement['joining'], latest: number): number {
    const times = joining.flatMap(({ alarm }) => unplaced.get(alarm.key)?.at ?? []);
    return times.length === 0 ? latest : Math.min(...times);
  }

  /** Keeps with each link why it belongs there, also when its cause returns before it. */
  function explain(live: LiveIncident, groups: readonly Group[]): void {
    for (const { members } of groups)
      for (const { alarm, because } of members) {
        const linked = live.links.get(alarm.key);
        const text = becauseText(because);
        if (linked === undefined || text === null || linked.link.because === text) continue;
        const row = { ...linked.link, because: text, version: linked.link.version + 1 };
        live.links.set(alarm.key, { ...linked, link: row });
        output.link(row);
      }
  }

  /** Cause, priority and title as its groups have them now; true when something of the row is new or was linked. */
  function refresh(live: LiveIncident, groups: readonly Group[], linkedAt: number): boolean {
    const before = live.incident;
    const at = linkedAt === 0 ? Math.max(0, ...changedAt.values()) : linkedAt;
    live.groups = groups;
    live.incident = describe.changed(live, groups);
    if (live.incident.priority !== before.priority && before.version > 0)
      output.event(before.id, {
        at,
        kind: 'priority-changed',
        note: `${before.priority} → ${live.incident.priority}`,
      });
    return linkedAt > 0 || live.incident !== before;
  }

  function applyOne(change: AlarmChange, sites: Set<string>): void {
    const { key, alarm, facts, why, at } = change;
    const site = alarm?.point.site ?? siteOfAlarm(key);
    if (unplaced.has(key)) regroup(site);
    changedAt.set(key, at);
    const standing = activeAt(site);
    const wasActive = standing.has(key);
    const isActiveNow = isActive(facts) && alarm !== undefined;
    if (isActiveNow) standing.set(key, alarm);
    else standing.delete(key);
    if (wasActive !== isActiveNow || isActiveNow) sites.add(site);

    const live = holders.get(key);
    const linked = live?.links.get(key);
    const occurrence = occurrenceOf(key);
    if (live === undefined || linked === undefined || occurrence === undefined) {
      if (isActiveNow) unplaced.set(key, { at, unseen: isUnseen(facts) });
      return;
    }
    const isSame = linked.link.occurrence === facts.occurrences;
    if (isActiveNow && !isSame) {
      // The incident still waits for this alarm or others: this is one more occurrence in it.
      const { pinned, because } = linked.link;
      link(live, key, {
        occurrence,
        at,
        pinned: pinned === 1,
        because,
        active: true,
        unseen: isUnseen(facts),
      });
    } else if (isSame) {
      put(live, key, { ...linked, occurrence, active: isActiveNow, unseen: isUnseen(facts) }, false);
    } else {
      // A new occurrence that is hidden: nothing is left to acknowledge of the one before.
      put(live, key, { ...linked, active: false, unseen: false }, false);
      holders.delete(key);
      finish(live, at);
      return;
    }
    const event = eventOf(change, occurrence);
    if (event !== undefined) output.event(live.incident.id, event);
    const note = why === 'retire' ? { note: event?.note ?? undefined } : {};
    finish(live, at, { ...note, matters: why !== 'worsen' });
  }

  /** Open incidents that a person names. */
  function named(id: string): LiveIncident {
    const live = byId.get(id);
    if (live === undefined) throw new MoveRefused(`incident ${id} is not open`);
    return live;
  }

  return {
    apply(changes) {
      for (const change of changes) applyOne(change, dirty);
      const restMs = restUntil - clock.monotonic();
      if (restMs <= 0) regroupDirty();
      else
        wake ??= clock.after(restMs, () => {
          wake = undefined;
          regroupDirty();
          options.regrouped();
        });
    },
    settle: () => regroupDirty(),
    find: (id) => byId.get(id),
    all: () => byId.values(),
    holding: (key) => holders.get(key),
    acknowledge(live, { actor, at, first }) {
      if (first || live.incident.acknowledged_at === null)
        live.incident = { ...live.incident, acknowledged_at: at, acknowledged_by: actor };
      output.event(live.incident.id, { at, kind: 'acknowledged', actor });
      finish(live, at);
    },
    amend(live, change, at) {
      live.incident = { ...live.incident, ...change };
      finish(live, at);
    },
    reopen({ incident, worst }, { linked, change, at }) {
      const links: LiveIncident['links'] = new Map();
      for (const { link, occurrence } of linked)
        links.set(link.alarm, { link, occurrence, active: false, unseen: false });
      const live: LiveIncident = {
        incident: { ...incident, ...change, active: 0, unacknowledged: 0 },
        worst,
        links,
        groups: [],
      };
      byId.set(incident.id, live);
      for (const key of links.keys()) if (!holders.has(key) && !unplaced.has(key)) holders.set(key, live);
      finish(live, at);
    },
    move({ alarm: key, from, to, actor, reason }, at) {
      const source = byId.get(from);
      const linked = source?.links.get(key);
      if (source === undefined || linked?.active !== true)
        throw new MoveRefused(`${key} is not an active alarm of incident ${from}`);
      const target = named(to);
      if (source === target) throw new MoveRefused(`${key} belongs to incident ${to} already`);
      transfer(key, target, { at, pinned: true });
      const event = { at, actor, point: linked.occurrence.point };
      output.event(from, { ...event, kind: 'alarm-moved-out', note: `${reason} → ${to}` });
      output.event(to, { ...event, kind: 'alarm-moved-in', note: `${reason} ← ${from}` });
      finish(source, at);
      finish(target, at);
    },
    merge({ from, to, actor, reason }, at) {
      const [source, target] = [named(from), named(to)];
      if (source === target) throw new MoveRefused('an incident cannot be merged with itself');
      if (source.incident.site !== target.incident.site)
        throw new MoveRefused('incidents of two sites cannot be merged');
      if (source.incident.life_safety !== target.incident.life_safety)
        throw new MoveRefused('fire, gas and water stay incidents of their own');
      mergeInto(source, target, { at, by: { actor, reason } });
      finish(target, at);
    },
    split({ from, alarms, actor, reason }, at) {
      const source = named(from);
      const keys = [...new Set(alarms)];
      const foreign = keys.find((key) => source.links.get(key)?.active !== true);
      if (foreign !== undefined)
        throw new MoveRefused(`${foreign} is not an active alarm of incident ${from}`);
      if (keys.length === 0 || keys.length >= source.incident.active)
        throw new MoveRefused('name some of the active alarms of the incident, not all of them');
      const list = keys.flatMap((key): ActiveAlarm[] => {
        const alarm = active.get(source.incident.site)?.get(key);
        const since = occurrenceOf(key)?.since_at ?? at;
        return alarm === undefined ? [] : [{ alarm, since }];
      });
      const groups = group(list);
      const [first] = groups;
      if (first === undefined) throw new MoveRefused('none of these alarms is active any more');
      const live = openIncident(first, at);
      const event = {
        at,
        actor,
        value: keys.length,
        point: source.links.get(keys[0] ?? '')?.occurrence.point ?? null,
      };
      for (const key of keys) transfer(key, live, { at, pinned: true });
      output.event(from, { ...event, kind: 'alarm-moved-out', note: `${reason} → ${live.incident.id}` });
      output.event(live.incident.id, { ...event, kind: 'opened', note: `${reason} ← ${from}` });
      live.incident = describe.changed(live, groups);
      finish(source, at);
      finish(live, at);
      return live.incident.id;
    },
    retitle() {
      let changed = false;
      for (const live of byId.values()) {
        const incident = describe.changed(live, live.groups);
        if (incident === live.incident) continue;
        live.incident = incident;
        save(live, false);
        changed = true;
      }
      return changed;
    },
    reconcile(alarms, at) {
      active.clear();
      unplaced.clear();
      const facts = new Map<string, AlarmFacts>();
      for (const each of alarms) {
        facts.set(each.alarm.key, each.facts);
        if (isActive(each.facts)) activeAt(each.alarm.point.site).set(each.alarm.key, each.alarm);
      }
      for (const live of Array.from(byId.values())) {
        const stored = live.incident;
        for (const [key, linked] of live.links) {
          const now = facts.get(key) ?? quiet;
          const isCurrent = holders.get(key) === live && linked.link.occurrence === now.occurrences;
          const figures = { active: isCurrent && isActive(now), unseen: isCurrent && isUnseen(now) };
          live.links.set(key, { ...linked, ...figures });
        }
        const links = [...live.links.values()];
        live.incident = {
          ...stored,
          active: links.filter((linked) => linked.active).length,
          unacknowledged: links.filter((linked) => linked.unseen).length,
        };
        const { active: count, unacknowledged } = live.incident;
        const isStale = count !== stored.active || unacknowledged !== stored.unacknowledged;
        if (isStale || (count === 0 && stored.returned_at === null)) finish(live, at);
      }
      for (const standing of active.values())
        for (const key of standing.keys()) {
          if (holders.has(key)) continue;
          unplaced.set(key, { at, unseen: isUnseen(facts.get(key) ?? quiet) });
        }
      for (const site of active.keys()) regroup(site);
    },
  };
}

function worstOf({ links }: LiveIncident): OccurrenceRow | null {
  let worst: OccurrenceRow | null = null;
  for (const { link, occurrence } of links.values())
    if (link.moved_to === null && isWorse(occurrence, worst)) worst = occurrence;
  return worst;
}

/** It was reopened: that nothing is active does not end it. */
function waitsToBeClosed({ reopened_at: reopened, found_cause: cause }: IncidentRow): boolean {
  return reopened !== null && cause === null;
}

interface FinishOptions {
  readonly note?: string | undefined;
  readonly matters?: boolean;
}

interface LinkDetails {
  readonly occurrence: OccurrenceRow;
  readonly at: number;
  readonly active: boolean;
  readonly unseen: boolean;
  readonly pinned?: boolean;
  readonly because?: string | null;
}

/** Not resolved: a condition that stands, or one that is over and that nobody has acknowledged. */
export function isOpen({ incident }: { readonly incident: IncidentRow }): boolean {
  return incident.resolved_at === null;
}
