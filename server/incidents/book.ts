import type { OccurrenceRow } from '../alarms/journal.ts';
import type { Describer } from './describe.ts';
import type { Group } from './grouping.ts';
import { worstOf, type LinkedAlarm, type LiveIncident } from './live.ts';
import {
  isWorse,
  type IncidentRecord,
  type IncidentRow,
  type LinkRow,
  type TimelineEvent,
} from './record.ts';

/** What changes are to be written; rows replace older ones of the same key. */
export interface IncidentOutput {
  /** `matters`: false when only the worst value changed, which can wait. */
  incident(record: IncidentRecord, matters: boolean): void;
  link(row: LinkRow): void;
  event(incident: string, event: TimelineEvent): void;
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

/** Who does it, and why. */
export interface By {
  readonly actor: string;
  readonly reason: string;
}

/** The incidents that are not resolved, and which of them each alarm is linked to; every change of a row goes to `output`. */
export interface IncidentBook {
  readonly byId: ReadonlyMap<string, LiveIncident>;
  /** The incident linked to the latest occurrence of an alarm. */
  readonly holders: ReadonlyMap<string, LiveIncident>;
  open(of: Group, at: number): LiveIncident;
  /** Takes one in that was stored; its alarms are linked to it where no other incident has them. */
  admit(live: LiveIncident, isFree: (key: string) => boolean): void;
  /** Keeps the figures of the row in step with one link. */
  put(live: LiveIncident, key: string, linked: LinkedAlarm): void;
  link(live: LiveIncident, key: string, details: LinkDetails): void;
  /** An alarm has a new occurrence, which this incident is not about. */
  release(key: string): void;
  /** Takes an occurrence out of one incident and links it to another one. */
  transfer(key: string, to: LiveIncident, how: { readonly at: number; readonly pinned: boolean }): void;
  /** Everything that is active or waits to be acknowledged goes over; the incident that is left is resolved. */
  merge(from: LiveIncident, to: LiveIncident, how: { readonly at: number; readonly by: By | null }): void;
  /**
   * Ends the condition of an incident without active alarms, resolves it when all of it is acknowledged too, and lets it go
   * then. Call once after each change.
   */
  finish(live: LiveIncident, at: number, options?: FinishOptions): void;
  save(live: LiveIncident, matters?: boolean): void;
}

export function createIncidentBook(options: {
  readonly restored: readonly LiveIncident[];
  readonly describe: Describer;
  readonly newId: (now: number) => string;
  readonly output: IncidentOutput;
}): IncidentBook {
  const { describe, newId, output } = options;
  const byId = new Map(options.restored.map((live) => [live.incident.id, live]));
  const holders = new Map<string, LiveIncident>();
  for (const live of options.restored) for (const key of live.links.keys()) holders.set(key, live);

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

  function open(of: Group, at: number): LiveIncident {
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

  function transfer(
    key: string,
    to: LiveIncident,
    how: { readonly at: number; readonly pinned: boolean },
  ): void {
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

  function merge(
    from: LiveIncident,
    to: LiveIncident,
    { at, by }: { readonly at: number; readonly by: By | null },
  ): void {
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

  return {
    byId,
    holders,
    open,
    admit(live, isFree) {
      byId.set(live.incident.id, live);
      for (const key of live.links.keys()) if (!holders.has(key) && isFree(key)) holders.set(key, live);
    },
    put: (live, key, linked) => put(live, key, linked, false),
    link,
    release: (key) => holders.delete(key),
    transfer,
    merge,
    finish,
    save,
  };
}

/** It was reopened: that nothing is active does not end it. */
function waitsToBeClosed({ reopened_at: reopened, found_cause: cause }: IncidentRow): boolean {
  return reopened !== null && cause === null;
}
