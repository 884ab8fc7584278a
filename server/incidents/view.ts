import type { Service } from '../../config/model.ts';
import { alarmState, type AlarmFacts } from '../alarms/facts.ts';
import type { BoundAlarm } from '../alarms/bind.ts';
import type {
  AlarmView, IncidentSummary, IncidentView, StandingAlarmView, TimelineEntry,
} from '../contracts/incidents.ts'; // prettier-ignore
import { iso, isoOrNull } from '../../core/time.ts';
import type { AlarmRow, EventRow, IncidentRecord, IncidentRow } from './record.ts';

/** Rows as the outside sees them (contracts/incidents). */

function alarmView(row: AlarmRow): AlarmView {
  return {
    point: row.point,
    owner: row.owner,
    unit: row.unit,
    since: iso(row.since_at),
    until: isoOrNull(row.until_at),
    value: row.value,
    worst: row.worst,
    state: row.state,
    limit: row.limit_value,
  };
}

export function incidentSummary({ incident: row, worst }: IncidentRecord): IncidentSummary {
  return {
    id: row.id,
    site: row.site,
    room: row.room,
    rule: row.rule,
    name: { id: row.name_id, en: row.name_en },
    discipline: row.discipline,
    priority: row.priority,
    urgency: row.urgency,
    impact: row.impact,
    clause: row.clause,
    state: row.resolved_at === null ? 'open' : 'resolved',
    openedAt: iso(row.opened_at),
    dueAt: iso(row.due_at),
    acknowledgedAt: isoOrNull(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
    resolvedAt: isoOrNull(row.resolved_at),
    active: row.active,
    total: row.total,
    worst: worst === null ? null : alarmView(worst),
  };
}

export function incidentView(
  record: IncidentRecord,
  parts: {
    readonly alarms: readonly AlarmRow[];
    readonly events: readonly EventRow[];
    readonly services: readonly Service[];
    readonly tickets: IncidentView['tickets'];
  },
): IncidentView {
  return {
    ...incidentSummary(record),
    alarms: parts.alarms.map(alarmView),
    timeline: parts.events.map(timelineEntry),
    services: parts.services.map(({ service, name, criticality }) => ({ service, name, criticality })),
    tickets: parts.tickets,
  };
}

function timelineEntry({ at, kind, actor, point, value, note }: EventRow): TimelineEntry {
  return { at: iso(at), kind, actor, point, value, note };
}

/** A standing alarm as the list of alarms shows it; `row` is its latest occurrence. */
export function standingAlarm({
  alarm,
  facts,
  incident,
  row,
}: {
  readonly alarm: BoundAlarm;
  readonly facts: AlarmFacts;
  readonly incident: IncidentRow;
  readonly row: AlarmRow;
}): StandingAlarmView {
  return {
    ...alarmView(row),
    id: alarm.key,
    incident: incident.id,
    site: incident.site,
    room: incident.room,
    rule: incident.rule,
    name: { id: incident.name_id, en: incident.name_en },
    discipline: incident.discipline,
    priority: incident.priority,
    clause: incident.clause,
    acknowledged: facts.acknowledged,
    latched: facts.latched,
    alarmState: alarmState(facts),
  };
}
