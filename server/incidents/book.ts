import type { Model } from '../../config/model.ts';
import type { Priority } from '../../config/schema/common.ts';
import type { TimelineEntry } from '../contracts/incidents.ts';
import { alarmKey, type BoundAlarm } from '../alarms/bind.ts';
import type { AlarmChange } from '../alarms/engine.ts';
import type { AlarmFacts } from '../alarms/facts.ts';
import { impactAt, placeFinder, priorityOf } from './priority.ts';
import {
  alarmRow, childId, factsOf, isStandingRow, tellsMore, withFacts,
  type AlarmRow, type EventRow, type IncidentRecord, type IncidentRow,
} from './record.ts'; // prettier-ignore
import { dueAt } from './sla.ts';

/** An open incident as it stands in memory. `alarms` holds the latest occurrence by `rule@point`. */
export interface OpenIncident {
  incident: IncidentRow;
  worst: AlarmRow | null;
  readonly alarms: Map<string, AlarmRow>;
  /** Numbers of the newest timeline entry. */
  lastEvent: number;
}

/** What the book wants written; rows replace older ones of the same id. */
export interface BookOutput {
  incident(record: IncidentRecord): void;
  alarm(row: AlarmRow): void;
  event(row: EventRow): void;
}

export interface IncidentBook {
  /** What an alarm's change means for the incidents. */
  apply(change: AlarmChange): void;
  open(id: string): OpenIncident | undefined;
  all(): IterableIterator<OpenIncident>;
  /** The open incident that holds an alarm now, by `rule@point`. */
  holding(key: string): OpenIncident | undefined;
  /** Closes what a restart found standing although rule or point is gone, and resolves what then stands no more. */
  closeVanished(exists: (key: string) => boolean, now: number): void;
  /** What stood when the process ended, for the engine. */
  facts(): ReadonlyMap<string, AlarmFacts>;
}

export type EventDetails = Partial<Pick<EventRow, 'actor' | 'point' | 'value' | 'note'>>;

const vanishedNote = 'Tidak ada lagi dalam konfigurasi (no longer in the configuration)';

/** A line of an incident's timeline. `number` is its place in the incident. */
export function eventRow(
  incident: string,
  number: number,
  { at, kind, actor, point, value, note }: { at: number; kind: TimelineEntry['kind'] } & EventDetails,
): EventRow {
  return {
    id: childId(incident, number),
    incident,
    at,
    kind,
    actor: actor ?? null,
    point: point ?? null,
    value: value ?? null,
    note: note ?? null,
  };
}

/** Keeps the open incidents: one per rule and room, or per rule and site for points that belong to no room. */
export function createIncidentBook(options: {
  readonly model: Model;
  readonly newId: (now: number) => string;
  readonly restored: readonly OpenIncident[];
  readonly output: BookOutput;
}): IncidentBook {
  const { model, newId, output } = options;
  const placeOf = placeFinder(model);
  const byId = new Map(options.restored.map((open) => [open.incident.id, open]));
  const byPlace = new Map(options.restored.map((open) => [placeKey(open.incident), open]));
  /** Also of returned alarms, until the incident is resolved. */
  const byAlarm = new Map(
    options.restored.flatMap((open) => [...open.alarms.keys()].map((key) => [key, open] as const)),
  );

  function openIncident({ rule, point, clause }: BoundAlarm, now: number): OpenIncident {
    const place = placeOf(point);
    const impact = impactAt(place);
    const priority: Priority = priorityOf(model, rule.urgency, impact);
    const incident: IncidentRow = {
      id: newId(now),
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
      opened_at: now,
      due_at: dueAt(now, priority, {
        resolve: model.standard.priorities.resolve,
        calendars: model.calendars,
      }),
      acknowledged_at: null,
      acknowledged_by: null,
      resolved_at: null,
      active: 0,
      total: 0,
      worst_alarm: null,
    };
    const open: OpenIncident = { incident, worst: null, alarms: new Map(), lastEvent: 0 };
    byId.set(incident.id, open);
    byPlace.set(placeKey(incident), open);
    return open;
  }

  function say(
    open: OpenIncident,
    at: number,
    details: { kind: TimelineEntry['kind'] } & EventDetails,
  ): void {
    open.lastEvent += 1;
    output.event(eventRow(open.incident.id, open.lastEvent, { at, ...details }));
  }

  /** Puts the alarm's row in its place and brings the incident's figures up to date. */
  function settle(open: OpenIncident, key: string, row: AlarmRow): void {
    const before = open.alarms.get(key);
    open.alarms.set(key, row);
    byAlarm.set(key, open);
    output.alarm(row);
    if (row.id === open.worst?.id || tellsMore(row, open.worst)) open.worst = row;
    const stood = before !== undefined && isStandingRow(before) ? 1 : 0;
    const isNew = before?.id !== row.id;
    open.incident = {
      ...open.incident,
      active: open.incident.active + (isStandingRow(row) ? 1 : 0) - stood,
      total: open.incident.total + (isNew ? 1 : 0),
      worst_alarm: open.worst?.id ?? null,
    };
  }

  function resolveIfOver(open: OpenIncident, now: number, note?: string): void {
    if (open.incident.active > 0) return;
    open.incident = { ...open.incident, resolved_at: now };
    say(open, now, { kind: 'resolved', ...(note === undefined ? {} : { note }) });
    byId.delete(open.incident.id);
    byPlace.delete(placeKey(open.incident));
    for (const key of open.alarms.keys()) byAlarm.delete(key);
  }

  function raise({ alarm, facts, at }: AlarmChange): void {
    const { occurrence } = facts;
    if (occurrence === null) return;
    const known = byAlarm.get(alarm.key) ?? byPlace.get(placeKey(placeNames(alarm)));
    const open = known ?? openIncident(alarm, at);
    const before = open.alarms.get(alarm.key);
    const row =
      before !== undefined && isStandingRow(before)
        ? withFacts(before, facts)
        : alarmRow(alarm, occurrence, {
            id: childId(open.incident.id, open.incident.total + 1),
            incident: open.incident.id,
          });
    settle(open, alarm.key, row);
    say(open, at, {
      kind: known === undefined ? 'opened' : 'alarm-raised',
      point: alarm.point.id,
      value: row.value,
    });
    output.incident({ incident: open.incident, worst: open.worst });
  }

  return {
    apply(change) {
      const { alarm, facts, why, at } = change;
      if (why === 'raise') {
        raise(change);
        return;
      }
      const open = byAlarm.get(alarm.key);
      const row = open?.alarms.get(alarm.key);
      if (open === undefined || row === undefined) return;
      settle(open, alarm.key, withFacts(row, facts));
      if (why === 'return') say(open, at, { kind: 'alarm-returned', point: alarm.point.id });
      if (why === 'return' || why === 'reset') resolveIfOver(open, at);
      output.incident({ incident: open.incident, worst: open.worst });
    },
    open: (id) => byId.get(id),
    all: () => byId.values(),
    holding: (key) => byAlarm.get(key),
    closeVanished(exists, now) {
      for (const open of byId.values()) {
        const gone = [...open.alarms].filter(([key, row]) => isStandingRow(row) && !exists(key));
        for (const [key, row] of gone) {
          settle(open, key, { ...row, until_at: row.until_at ?? now, latched: 0 });
          say(open, now, { kind: 'alarm-returned', point: row.point, note: vanishedNote });
        }
        resolveIfOver(open, now, vanishedNote);
        if (gone.length > 0 || open.incident.active === 0)
          output.incident({ incident: open.incident, worst: open.worst });
      }
    },
    facts: () =>
      new Map(
        [...byId.values()].flatMap((open) =>
          [...open.alarms]
            .filter(([, row]) => isStandingRow(row))
            .map(([key, row]) => [key, factsOf(row)] as const),
        ),
      ),
  };
}

/** The key of a row's alarm. */
export function rowKey(row: AlarmRow): string {
  return alarmKey(row.rule, row.point);
}

function placeNames({ rule, point }: BoundAlarm): Pick<IncidentRow, 'rule' | 'site' | 'room'> {
  return { rule: rule.rule, site: point.site, room: point.room ?? null };
}

function placeKey({ rule, site, room }: Pick<IncidentRow, 'rule' | 'site' | 'room'>): string {
  return `${rule}@${site}/${room ?? ''}`;
}
