import type { Service } from '../../config/model.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import { quiet, type AlarmFacts } from '../alarms/facts.ts';
import type { OccurrenceRow } from '../alarms/journal.ts';
import { alarmConditions, occurrenceView } from '../alarms/view.ts';
import type {
  IncidentAlarmView,
  IncidentSummary,
  IncidentView,
  TimelineEntry,
} from '../contracts/incidents.ts';
import type { EventRow, IncidentRecord } from './record.ts';

/** Rows as clients see them (contracts/incidents). */

export function incidentSummary({ incident: row, worst }: IncidentRecord, durable: boolean): IncidentSummary {
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
    unacknowledged: row.unacknowledged,
    total: row.total,
    worst: worst === null ? null : occurrenceView(worst),
    durable,
  };
}

export function incidentView(
  summary: IncidentSummary,
  parts: {
    /** `facts`: of the alarm, while this is its latest occurrence. */
    readonly alarms: readonly {
      readonly occurrence: OccurrenceRow;
      readonly facts: AlarmFacts | undefined;
    }[];
    readonly events: readonly EventRow[];
    readonly services: readonly Service[];
    readonly tickets: IncidentView['tickets'];
  },
): IncidentView {
  return {
    ...summary,
    alarms: parts.alarms.map(({ occurrence, facts }): IncidentAlarmView => ({
      ...occurrenceView(occurrence),
      ...alarmConditions(facts ?? quiet),
      id: occurrence.alarm,
      occurrence: occurrence.number,
    })),
    timeline: parts.events.map(timelineEntry),
    services: parts.services.map(({ service, name, criticality }) => ({ service, name, criticality })),
    tickets: parts.tickets,
  };
}

function timelineEntry({ at, kind, actor, point, value, note }: EventRow): TimelineEntry {
  return { at: iso(at), kind, actor, point, value, note };
}
