import type { Level, Priority } from '../../../config/schema/common.ts';
import type { Discipline } from '../../../config/schema/rule.ts';
import type { TimelineEntry } from '../../contracts/incidents.ts';

/** Incidents and how they are handled. */
export interface IncidentTables {
  incident: IncidentTable;
  incident_alarm: IncidentAlarmTable;
  incident_event: IncidentEventTable;
  incident_attachment: IncidentAttachmentTable;
  incident_report: IncidentReportTable;
}

/**
 * One disturbance (*Gangguan*). Rule, name, clause and place are those of its first cause, and copied: the rule may change, what
 * happened does not.
 */
export interface IncidentTable {
  id: string;
  /** Of the group of alarms that it holds (`incidents/grouping`). */
  group_key: string;
  site: string;
  room: string | null;
  rule: string;
  name_id: string;
  name_en: string;
  discipline: Discipline;
  urgency: Level;
  impact: Level;
  priority: Priority;
  clause: string;
  opened_at: number;
  due_at: number;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  /** When the condition was over: no alarm is active. */
  returned_at: number | null;
  /** When somebody had seen that too, or it was merged. */
  resolved_at: number | null;
  /** The incident that goes on with its alarms. */
  merged_into: string | null;
  /** When somebody reopened it, the last time; it is over only once a person closes it again. */
  reopened_at: number | null;
  /** JSON: `incidents/sla` pauses. */
  pauses: string;
  /** Of its time to resolve, what people were told: 0 nothing, 1 nearly used, 2 over. */
  sla_stage: number;
  /** A person of `people.yaml`, or a user. */
  assigned_to: string | null;
  /** What the people who solved it found and did. */
  found_cause: string | null;
  remedy: string | null;
  /** JSON: `incidents/disaster` state; null: nothing suggests a *Bencana TIK*. */
  disaster: string | null;
  /** As a sentence, when it last changed. */
  title_id: string;
  title_en: string;
  /** JSON: `incidents/grouping` causes. */
  causes: string;
  /** 1: fire, gas, water or duress. */
  life_safety: number;
  /** Linked alarms that are active, that nobody has acknowledged, and all that there ever were. */
  active: number;
  unacknowledged: number;
  total: number;
  /** The occurrence furthest beyond its limit. */
  worst_alarm: string | null;
  worst_occurrence: number | null;
  /** Counts the changes: an older row never replaces a newer one. */
  version: number;
}

/** Links an occurrence of an alarm to an incident. The alarm is not owned: it can be moved to another one. */
export interface IncidentAlarmTable {
  incident: string;
  alarm: string;
  occurrence: number;
  /** 1, 2, … of its incident. */
  position: number;
  linked_at: number;
  /** 1: put there by a person, so that grouping leaves it alone. */
  pinned: number;
  /** The incident it was moved to; null while it belongs here. */
  moved_to: string | null;
  /** JSON: `incidents/grouping` explanation; null for a cause. */
  because: string | null;
  version: number;
}

export interface IncidentEventTable {
  /** Counted over all incidents, so that no two can collide. */
  sequence: number;
  incident: string;
  at: number;
  kind: TimelineEntry['kind'];
  actor: string | null;
  point: string | null;
  value: number | null;
  note: string | null;
  /** Of a note: the key of the request, of which each incident has one; null: it came without. */
  request: string | null;
}

/** A file that belongs to an incident; its bytes are in the data folder (`incidents/attachments`). */
interface IncidentAttachmentTable {
  id: string;
  incident: string;
  name: string;
  /** Media type, by its content. */
  type: string;
  bytes: number;
  sha256: string;
  added_at: number;
  added_by: string;
}

/** What the law asks to be told of an incident, one of each kind. */
interface IncidentReportTable {
  id: string;
  incident: string;
  /** A file of the library's `statutory/`. */
  kind: string;
  /** When it became known: the law's clock runs from there. */
  known_at: number;
  due_at: number;
  /** JSON: field → text. */
  fields: string;
  state: 'draft' | 'sent';
  opened_at: number;
  opened_by: string;
  saved_at: number | null;
  saved_by: string | null;
  sent_at: number | null;
  sent_by: string | null;
  /** What the authority answered: a number of receipt. */
  receipt: string | null;
  version: number;
}
