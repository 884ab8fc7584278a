import type { Model } from '../../config/model.ts';
import type { BoundAlarm } from '../alarms/bind.ts';
import type { AlarmChange } from '../alarms/engine.ts';
import { isActive, isStanding, isUnseen, quiet, type AlarmFacts } from '../alarms/facts.ts';
import type { OccurrenceRow } from '../alarms/journal.ts';
import { groupAlarms } from './grouping.ts';
import { dueAt, impactAt, placeFinder, priorityOf } from './priority.ts';
import {
  isWorse,
  type IncidentRecord,
  type IncidentRow,
  type LinkRow,
  type TimelineEvent,
} from './record.ts';

/** An occurrence that is linked to an incident, and whether it counts there as active and as not yet acknowledged. */
interface LinkedAlarm {
  readonly link: LinkRow;
  readonly occurrence: OccurrenceRow;
  readonly active: boolean;
  readonly unseen: boolean;
}

/** An incident in memory: open, or resolved with alarms that nobody has acknowledged. */
export interface LiveIncident {
  incident: IncidentRow;
  worst: OccurrenceRow | null;
  /** The latest linked occurrence of each alarm, by `rule@point`. */
  readonly links: Map<string, LinkedAlarm>;
}

/** What changes are to be written; rows replace older ones of the same key. */
export interface IncidentOutput {
  /** `matters`: false when only the worst value changed, which can wait. */
  incident(record: IncidentRecord, matters: boolean): void;
  link(row: LinkRow): void;
  event(incident: string, event: TimelineEvent): void;
}

/** An occurrence cannot be moved between these incidents. */
export class MoveRefused extends Error {
  override readonly name = 'MoveRefused';
}

export interface Move {
  readonly alarm: string;
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly reason: string;
}

export interface OpenIncidents {
  /** Applies transitions of alarms to the incidents, in order. */
  apply(changes: readonly AlarmChange[]): void;
  find(id: string): LiveIncident | undefined;
  all(): IterableIterator<LiveIncident>;
  /** The incident linked to the latest occurrence of an alarm. */
  holding(key: string): LiveIncident | undefined;
  /** Records who acknowledged, after the engine has applied it. `first`: something was not acknowledged before. */
  acknowledge(
    live: LiveIncident,
    by: { readonly actor: string; readonly at: number; readonly first: boolean },
  ): void;
  /** Links an active alarm's occurrence to another open incident. Throws MoveRefused. */
  move(move: Move, at: number): void;
  /** After a restart: brings what was stored in line with the alarms as they are. */
  reconcile(alarms: Iterable<{ readonly alarm: BoundAlarm; readonly facts: AlarmFacts }>, at: number): void;
}

/** Keeps the incidents that are not over, and links active alarms to them by `grouping.ts`. */
export function createOpenIncidents(options: {
  readonly model: Model;
  readonly newId: (now: number) => string;
  readonly restored: readonly LiveIncident[];
  /** The latest occurrence of an alarm. */
  readonly occurrenceOf: (key: string) => OccurrenceRow | undefined;
  readonly output: IncidentOutput;
}): OpenIncidents {
  const { model, newId, occurrenceOf, output } = options;
  const placeOf = placeFinder(model);
  const byId = new Map(options.restored.map((live) => [live.incident.id, live]));
  const byGroup = new Map<string, LiveIncident>();
  const holders = new Map<string, LiveIncident>();
  /** Every active alarm, in the order in which they became so. */
  const active = new Map<string, BoundAlarm>();
  /** Active alarms that no incident is linked to yet, and since when. */
  const unplaced = new Map<string, number>();
  for (const live of options.restored) {
    if (isOpen(live)) byGroup.set(live.incident.group_key, live);
    for (const key of live.links.keys()) holders.set(key, live);
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

  /** Ends an incident without active alarms, and drops one that is over and acknowledged. Call once after each change. */
  function finish(live: LiveIncident, at: number, { note, matters = true }: FinishOptions = {}): void {
    if (isOpen(live) && live.incident.active === 0) {
      live.incident = { ...live.incident, resolved_at: at };
      byGroup.delete(live.incident.group_key);
      output.event(live.incident.id, { at, kind: 'resolved', ...(note === undefined ? {} : { note }) });
    }
    live.incident = { ...live.incident, version: live.incident.version + 1 };
    output.incident({ incident: live.incident, worst: live.worst }, matters);
    if (isOpen(live) || live.incident.unacknowledged > 0) return;
    byId.delete(live.incident.id);
    for (const key of live.links.keys()) if (holders.get(key) === live) holders.delete(key);
  }

  function openIncident({ rule, point, clause }: BoundAlarm, group: string, at: number): LiveIncident {
    const place = placeOf(point);
    const impact = impactAt(place);
    const priority = priorityOf(model, rule.urgency, impact);
    const incident: IncidentRow = {
      id: newId(at),
      group_key: group,
      site: point.site,
      room: point.room ?? null,
      rule: rule.rule,
      name_id: rule.name.id,
      name_en: rule.name.en,
      discipline: rule.discipline,
      urgency: rule.urgency,
      impact,
      priority,
      clause,
      opened_at: at,
      due_at: dueAt(at, priority, {
        resolve: model.standard.priorities.resolve,
        calendars: model.calendars,
      }),
      acknowledged_at: null,
      acknowledged_by: null,
      resolved_at: null,
      active: 0,
      unacknowledged: 0,
      total: 0,
      worst_alarm: null,
      worst_occurrence: null,
      version: 0,
    };
    const live: LiveIncident = { incident, worst: null, links: new Map() };
    byId.set(incident.id, live);
    byGroup.set(group, live);
    return live;
  }

  function link(live: LiveIncident, key: string, details: LinkDetails): void {
    const { occurrence, facts, at, pinned = false } = details;
    const row: LinkRow = {
      incident: live.incident.id,
      alarm: key,
      occurrence: occurrence.number,
      position: live.incident.total + 1,
      linked_at: at,
      pinned: pinned ? 1 : 0,
      moved_to: null,
      version: 1,
    };
    put(live, key, { link: row, occurrence, active: facts.active, unseen: facts.unseen }, true);
    release(key, live, at);
    holders.set(key, live);
    output.link(row);
  }

  /** An earlier incident has nothing to acknowledge any more once another one is linked to the alarm. */
  function release(key: string, next: LiveIncident | undefined, at: number): void {
    const earlier = holders.get(key);
    const linked = earlier?.links.get(key);
    if (earlier === undefined || earlier === next || linked === undefined) return;
    holders.delete(key);
    if (!linked.unseen && !linked.active) return;
    put(earlier, key, { ...linked, unseen: false, active: false }, false);
    finish(earlier, at);
  }

  /** Groups all active alarms and links those that are new. */
  function place(unseen: ReadonlyMap<string, boolean>): void {
    if (unplaced.size === 0) return;
    for (const group of groupAlarms(active.values())) {
      const first = group.members.find(({ key }) => unplaced.has(key));
      if (first === undefined) continue;
      const members = group.members.filter(({ key }) => unplaced.has(key));
      let at = unplaced.get(first.key) ?? 0;
      const known = byGroup.get(group.key);
      const live = known ?? openIncident(first, group.key, at);
      for (const alarm of members) {
        const { key, point } = alarm;
        at = unplaced.get(key) ?? at;
        unplaced.delete(key);
        const occurrence = occurrenceOf(key);
        if (occurrence === undefined) continue;
        link(live, key, { occurrence, at, facts: { active: true, unseen: unseen.get(key) ?? true } });
        const kind = known === undefined && alarm === first ? 'opened' : 'alarm-raised';
        output.event(live.incident.id, { at, kind, point: point.id, value: occurrence.value });
      }
      finish(live, at);
    }
  }

  function applyOne(change: AlarmChange, unseen: Map<string, boolean>): void {
    const { key, alarm, facts, why, at } = change;
    if (unplaced.has(key)) place(unseen);
    unseen.set(key, isUnseen(facts));
    if (isActive(facts) && alarm !== undefined) active.set(key, alarm);
    else active.delete(key);

    const live = holders.get(key);
    const linked = live?.links.get(key);
    const occurrence = occurrenceOf(key);
    const isLinked = linked?.link.occurrence === facts.occurrences && linked.link.moved_to === null;
    if (live === undefined || linked === undefined || occurrence === undefined) {
      if (isActive(facts)) unplaced.set(key, at);
      return;
    }
    if (isActive(facts) && !isOpen(live)) {
      unplaced.set(key, at);
      return;
    }
    if (isActive(facts) && !isLinked) {
      // The incident is still open for other alarms: this is one more occurrence in it.
      const pinned = linked.link.pinned === 1;
      link(live, key, { occurrence, at, pinned, facts: { active: true, unseen: isUnseen(facts) } });
    } else if (isLinked) {
      const figures = { active: isOpen(live) && isActive(facts), unseen: isUnseen(facts) };
      put(live, key, { ...linked, occurrence, ...figures }, false);
    } else {
      // A new occurrence that is hidden: nothing is left to acknowledge of the one before.
      release(key, undefined, at);
      return;
    }
    const event = eventOf(change, occurrence);
    if (event !== undefined) output.event(live.incident.id, event);
    const note = why === 'retire' ? { note: event?.note ?? undefined } : {};
    finish(live, at, { ...note, matters: why !== 'worsen' });
  }

  return {
    apply(changes) {
      const unseen = new Map<string, boolean>();
      for (const change of changes) applyOne(change, unseen);
      place(unseen);
    },
    find: (id) => byId.get(id),
    all: () => byId.values(),
    holding: (key) => holders.get(key),
    acknowledge(live, { actor, at, first }) {
      if (first || live.incident.acknowledged_at === null)
        live.incident = { ...live.incident, acknowledged_at: at, acknowledged_by: actor };
      output.event(live.incident.id, { at, kind: 'acknowledged', actor });
      finish(live, at);
    },
    move({ alarm: key, from, to, actor, reason }, at) {
      const [source, target] = [byId.get(from), byId.get(to)];
      const linked = source?.links.get(key);
      if (source === undefined || linked?.active !== true)
        throw new MoveRefused(`${key} is not an active alarm of incident ${from}`);
      if (target === undefined || !isOpen(target)) throw new MoveRefused(`incident ${to} is not open`);
      if (source === target) throw new MoveRefused(`${key} belongs to incident ${to} already`);
      const { occurrence, unseen } = linked;
      const moved = { ...linked.link, moved_to: to, version: linked.link.version + 1 };
      put(source, key, { ...linked, link: moved, active: false, unseen: false }, false);
      source.worst = worstOf(source);
      source.incident = {
        ...source.incident,
        total: source.incident.total - 1,
        worst_alarm: source.worst?.alarm ?? null,
        worst_occurrence: source.worst?.number ?? null,
      };
      output.link(moved);
      holders.delete(key);
      link(target, key, { occurrence, at, pinned: true, facts: { active: true, unseen } });
      const event = { at, actor, point: occurrence.point };
      output.event(from, { ...event, kind: 'alarm-moved-out', note: `${reason} → ${to}` });
      output.event(to, { ...event, kind: 'alarm-moved-in', note: `${reason} ← ${from}` });
      finish(source, at);
      finish(target, at);
    },
    reconcile(alarms, at) {
      active.clear();
      unplaced.clear();
      const facts = new Map<string, AlarmFacts>();
      for (const each of alarms) {
        facts.set(each.alarm.key, each.facts);
        if (isActive(each.facts)) active.set(each.alarm.key, each.alarm);
      }
      for (const live of byId.values()) {
        const stored = live.incident;
        for (const [key, linked] of live.links) {
          const now = facts.get(key) ?? quiet;
          const isCurrent = holders.get(key) === live && linked.link.occurrence === now.occurrences;
          const figures = {
            active: isOpen(live) && isCurrent && isActive(now),
            unseen: isCurrent && isUnseen(now),
          };
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
        if (isStale || (isOpen(live) && count === 0)) finish(live, at);
      }
      const unseen = new Map<string, boolean>();
      for (const key of active.keys()) {
        const holder = holders.get(key);
        if (holder !== undefined && isOpen(holder)) continue;
        unplaced.set(key, at);
        unseen.set(key, isUnseen(facts.get(key) ?? quiet));
      }
      place(unseen);
    },
  };
}

function worstOf({ links }: LiveIncident): OccurrenceRow | null {
  let worst: OccurrenceRow | null = null;
  for (const { link, occurrence } of links.values())
    if (link.moved_to === null && isWorse(occurrence, worst)) worst = occurrence;
  return worst;
}

interface FinishOptions {
  readonly note?: string | undefined;
  readonly matters?: boolean;
}

interface LinkDetails {
  readonly occurrence: OccurrenceRow;
  readonly at: number;
  readonly facts: Pick<LinkedAlarm, 'active' | 'unseen'>;
  readonly pinned?: boolean;
}

export function isOpen({ incident }: { readonly incident: IncidentRow }): boolean {
  return incident.resolved_at === null;
}

/** The line of the timeline for a change of a linked alarm; undefined when the incident's own entry covers it. */
function eventOf(change: AlarmChange, occurrence: OccurrenceRow): TimelineEvent | undefined {
  const { why, at, order, before, facts } = change;
  const event = { at, point: occurrence.point, actor: order?.actor ?? null, note: order?.reason ?? null };
  switch (why) {
    case 'raise':
      return { at, kind: 'alarm-raised', point: occurrence.point, value: occurrence.value };
    case 'return':
      return { at, kind: 'alarm-returned', point: occurrence.point };
    case 'retire':
      return isStanding(before) ? { ...event, kind: 'alarm-returned', note: retiredNote } : undefined;
    case 'acknowledge':
      return order?.scope === 'alarm' ? { ...event, kind: 'alarm-acknowledged' } : undefined;
    case 'reset':
      return order?.scope === 'alarm' ? { ...event, kind: 'alarm-reset' } : undefined;
    case 'shelve':
      return { ...event, kind: 'alarm-shelved', value: facts.shelf?.until ?? null };
    case 'unshelve':
    case 'shelf-end':
      return { ...event, kind: 'alarm-unshelved' };
    case 'suppress':
      return { ...event, kind: 'alarm-suppressed' };
    case 'unsuppress':
      return { ...event, kind: 'alarm-unsuppressed' };
    case 'out-of-service':
      return { ...event, kind: 'alarm-out-of-service' };
    case 'return-to-service':
      return { ...event, kind: 'alarm-in-service' };
    default:
      return undefined;
  }
}

const retiredNote = 'Tidak ada lagi dalam konfigurasi (no longer in the configuration)';
