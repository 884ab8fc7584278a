import type { BoundAlarm } from '../../config/alarms/bind.ts';
import type { Clock } from '../../core/clock.ts';
import type { OccurrenceRow } from '../alarms/journal.ts';
import type { IncidentBook, IncidentOutput } from './book.ts';
import type { Describer } from './describe.ts';
import type { ActiveAlarm, createGrouping, Group } from './grouping.ts';
import type { LiveIncident } from './live.ts';
import { placeGroups, type Placement } from './placing.ts';
import { becauseText } from './record.ts';

/** Which alarms are active, and the incidents they are linked to by `grouping.ts` and `placing.ts`. */
export interface Regrouping {
  /** The active alarms of a site, in the order in which they became so. */
  standing(site: string): ReadonlyMap<string, BoundAlarm>;
  /** An alarm has changed; its site is grouped again at the next `soon` or `settle`. `alarm`: undefined when it is not active. */
  changed(change: {
    readonly site: string;
    readonly key: string;
    readonly alarm: BoundAlarm | undefined;
    readonly at: number;
  }): void;
  /** An active alarm that no incident is linked to yet. */
  wait(key: string, waiting: Waiting): void;
  isWaiting(key: string): boolean;
  /** Groups what has changed: at once, or when the last grouping took long, a little later. */
  soon(): void;
  /** Groups what has changed. */
  settle(): void;
  /** These alarms are active and no others. */
  restart(alarms: Iterable<BoundAlarm>): void;
  /** Links every active alarm that no incident has, and groups all sites. */
  placeAll(waitingOf: (key: string) => Waiting): void;
}

interface Waiting {
  /** Since when. */
  readonly at: number;
  readonly unseen: boolean;
}

/** Below this, grouping is done at every change. */
const cheapMs = 5;
const restFactor = 4;

export function createRegrouping(options: {
  readonly book: IncidentBook;
  readonly group: ReturnType<typeof createGrouping>;
  readonly describe: Describer;
  readonly occurrenceOf: (key: string) => OccurrenceRow | undefined;
  readonly output: IncidentOutput;
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  /** Called when a later grouping has changed incidents: they are to be written. */
  readonly regrouped: () => void;
}): Regrouping {
  const { book, group, describe, occurrenceOf, output, clock } = options;
  const { byId, holders } = book;
  const active = new Map<string, Map<string, BoundAlarm>>();
  const unplaced = new Map<string, Waiting>();
  /** When the latest change of each alarm happened that was not grouped yet. */
  const changedAt = new Map<string, number>();
  /** Sites with changes that were not grouped yet. */
  const dirty = new Set<string>();
  let restUntil = -Infinity;
  let wake: (() => void) | undefined;

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
      book.finish(live, at);
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
    const live = known ?? book.open(of, first === undefined ? latest : openedAt(joining, latest));
    let isFirst = known === undefined;
    const moved = new Map<LiveIncident, string[]>();
    for (const { alarm, because } of joining) {
      const { key, point } = alarm;
      const waiting = unplaced.get(key);
      if (waiting === undefined) {
        const from = holders.get(key);
        if (from === undefined || merged.includes(from.incident.id)) continue;
        moved.set(from, [...(moved.get(from) ?? []), point.id]);
        book.transfer(key, live, { at: latest, pinned: false });
        continue;
      }
      unplaced.delete(key);
      const occurrence = occurrenceOf(key);
      if (occurrence === undefined) continue;
      const { at, unseen } = waiting;
      book.link(live, key, { occurrence, active: true, unseen, at, because: becauseText(because) });
      const kind = isFirst ? 'opened' : 'alarm-raised';
      isFirst = false;
      output.event(live.incident.id, { at, kind, point: point.id, value: occurrence.value });
    }
    for (const [from, points] of moved) {
      const event = { at: latest, point: points[0] ?? null, value: points.length };
      output.event(from.incident.id, { ...event, kind: 'alarm-moved-out', note: `→ ${live.incident.id}` });
      output.event(live.incident.id, { ...event, kind: 'alarm-moved-in', note: `← ${from.incident.id}` });
      if (!touched.has(from)) book.finish(from, latest);
    }
    for (const id of merged) {
      const from = byId.get(id);
      if (from !== undefined) book.merge(from, live, { at: latest, by: null });
    }
    return { live, at: joining.length > 0 || merged.length > 0 ? latest : 0 };
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

  /** Grouping thousands of alarms takes a moment: in a flood it rests in between, so that it never takes more than a share of the time. */
  function regroupDirty(): void {
    const before = clock.monotonic();
    for (const site of dirty) regroup(site);
    dirty.clear();
    changedAt.clear();
    const tookMs = clock.monotonic() - before;
    restUntil = tookMs < cheapMs ? -Infinity : before + tookMs * restFactor;
  }

  function stand(alarm: BoundAlarm): void {
    const known = active.get(alarm.point.site);
    if (known === undefined) active.set(alarm.point.site, new Map([[alarm.key, alarm]]));
    else known.set(alarm.key, alarm);
  }

  return {
    standing: (site) => active.get(site) ?? new Map(),
    changed({ site, key, alarm, at }) {
      if (unplaced.has(key)) regroup(site);
      changedAt.set(key, at);
      const wasActive = active.get(site)?.has(key) ?? false;
      if (alarm === undefined) active.get(site)?.delete(key);
      else stand(alarm);
      if (wasActive || alarm !== undefined) dirty.add(site);
    },
    wait: (key, waiting) => unplaced.set(key, waiting),
    isWaiting: (key) => unplaced.has(key),
    soon() {
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
    restart(alarms) {
      active.clear();
      unplaced.clear();
      for (const alarm of alarms) stand(alarm);
    },
    placeAll(waitingOf) {
      for (const standing of active.values())
        for (const key of standing.keys()) if (!holders.has(key)) unplaced.set(key, waitingOf(key));
      for (const site of active.keys()) regroup(site);
    },
  };
}
