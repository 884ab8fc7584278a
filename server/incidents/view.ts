import type { Service } from '../../config/model.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import { quiet, type AlarmFacts } from '../alarms/facts.ts';
import type { OccurrenceRow } from '../alarms/journal.ts';
import { alarmConditions, occurrenceView } from '../alarms/view.ts';
import type {
  IncidentAlarmView,
  IncidentSummary,
  IncidentView,
  SlaView,
  TimelineEntry,
} from '../contracts/incidents.ts';
import type { Label } from '../../config/schema/common.ts';
import type { Explanation } from './grouping.ts';
import { disasterOf } from './disaster.ts';
import { causesOf, type EventRow, type IncidentRecord, type IncidentRow } from './record.ts';
import { slaOf, type SlaRules } from './sla.ts';

/** Rows as clients see them (contracts/incidents). */

export interface SummaryParts {
  readonly durable: boolean;
  readonly nameOf: (node: string) => Label;
  readonly ownerOfPoint: (point: string) => Label | undefined;
  readonly sla: SlaRules;
  readonly now: number;
}

export function incidentSummary(
  { incident: row, worst }: IncidentRecord,
  { durable, nameOf, ownerOfPoint, sla, now }: SummaryParts,
): IncidentSummary {
  return {
    id: row.id,
    site: row.site,
    room: row.room,
    rule: row.rule,
    name: { id: row.name_id, en: row.name_en },
    title: { id: row.title_id, en: row.title_en },
    lifeSafety: row.life_safety === 1,
    causes: causesOf(row).map((cause) => ({ ...cause, name: nameOf(cause.node) })),
    discipline: row.discipline,
    priority: row.priority,
    urgency: row.urgency,
    impact: row.impact,
    clause: row.clause,
    state: stateOf(row),
    openedAt: iso(row.opened_at),
    dueAt: iso(row.due_at),
    sla: slaView(row, sla, now),
    acknowledgedAt: isoOrNull(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
    returnedAt: isoOrNull(row.returned_at),
    resolvedAt: isoOrNull(row.resolved_at),
    mergedInto: row.merged_into,
    reopenedAt: isoOrNull(row.reopened_at),
    assignedTo: row.assigned_to,
    disaster: disasterView(row),
    active: row.active,
    unacknowledged: row.unacknowledged,
    total: row.total,
    worst: worst === null ? null : occurrenceView(worst, ownerOfPoint),
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
      readonly rule: Pick<IncidentAlarmView, 'rule' | 'name' | 'clause' | 'side' | 'shelving'>;
      readonly because: (Explanation & { readonly path: readonly Label[] }) | null;
    }[];
    readonly ownerOfPoint: (point: string) => Label | undefined;
    readonly incident: IncidentRow;
    readonly pausable: boolean;
    readonly checklist: readonly Label[];
    readonly events: readonly EventRow[];
    readonly services: readonly Service[];
    readonly tickets: IncidentView['tickets'];
  },
): IncidentView {
  const first = firstOut(parts.alarms.map(({ occurrence }) => occurrence));
  return {
    ...summary,
    resolution: resolutionOf(parts.incident),
    pausable: parts.pausable,
    checklist: parts.incident.disaster === null ? [] : [...parts.checklist],
    alarms: parts.alarms.map(({ occurrence, facts, rule, because }): IncidentAlarmView => ({
      ...occurrenceView(occurrence, parts.ownerOfPoint),
      ...alarmConditions(facts ?? quiet),
      id: occurrence.alarm,
      occurrence: occurrence.number,
      ...rule,
      firstOut: occurrence === first,
      because: because === null ? null : { ...because, path: [...because.path] },
    })),
    timeline: parts.events.map((event) => timelineEntry(event, parts.ownerOfPoint)),
    services: parts.services.map(({ service, name, criticality }) => ({ service, name, criticality })),
    tickets: parts.tickets,
  };
}

function slaView(row: IncidentRow, rules: SlaRules, now: number): SlaView {
  const { pause, ...sla } = slaOf(row, rules, now);
  return {
    ...sla,
    asOf: iso(now),
    pause: pause === null ? null : { since: iso(pause.from), by: pause.by, reason: pause.reason },
  };
}

function disasterView(row: IncidentRow): IncidentSummary['disaster'] {
  const disaster = disasterOf(row);
  return disaster === null ? null : { ...disaster, at: iso(disaster.at) };
}

function resolutionOf({ found_cause: cause, remedy }: IncidentRow): IncidentView['resolution'] {
  return cause === null || remedy === null ? null : { cause, remedy };
}

/** The one whose condition began first, by the clock of its source; of equals the one that was linked first. */
function firstOut(occurrences: readonly OccurrenceRow[]): OccurrenceRow | undefined {
  return occurrences.reduce<OccurrenceRow | undefined>(
    (first, each) => (first === undefined || each.since_at < first.since_at ? each : first),
    undefined,
  );
}

function stateOf(row: Pick<IncidentRow, 'returned_at' | 'resolved_at'>): IncidentSummary['state'] {
  if (row.resolved_at !== null) return 'resolved';
  return row.returned_at === null ? 'open' : 'returned';
}

function timelineEntry(
  { at, kind, actor, point, value, note }: EventRow,
  ownerOfPoint: (point: string) => Label | undefined,
): TimelineEntry {
  const ownerName = point === null ? null : (ownerOfPoint(point) ?? null);
  return { at: iso(at), kind, actor, point, ownerName, value, note };
}
