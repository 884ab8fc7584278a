import type { PlantState } from '../../../config/schema/rule.ts';
import type { AlarmWorkState } from '../../contracts/alarm-figures.ts';
import type { JournalEntryView } from '../../contracts/alarms.ts';

/** Alarms, their journal, and the figures made of them. */
export interface AlarmTables {
  alarm_state: AlarmStateTable;
  alarm_occurrence: AlarmOccurrenceTable;
  alarm_journal: AlarmJournalTable;
  plant_state: PlantStateTable;
  alarm_work: AlarmWorkTable;
  false_alarm: FalseAlarmTable;
  alarm_report: AlarmReportTable;
}

/** The facts of one alarm (`server/alarms/facts`), by `rule@point`. Alarms that were never in alarm or hidden have no row. */
export interface AlarmStateTable {
  alarm: string;
  /** Flags are 0 or 1. */
  in_alarm: number;
  latched: number;
  acknowledged: number;
  shelved_at: number | null;
  shelved_until: number | null;
  suppressed: number;
  /** Suppressed by design: the reason. */
  suppressed_by: string | null;
  chattering: number;
  out_of_service: number;
  /** Number of the latest occurrence; 0 before the first. */
  occurrence: number;
  /** Sequence of the journal entry that made it so: an older one never replaces a newer one. */
  version: number;
}

/** One activation of an alarm. Owner, unit and limit are copied: the rule may change, what happened does not. */
export interface AlarmOccurrenceTable {
  alarm: string;
  /** 1, 2, … of its alarm. */
  number: number;
  point: string;
  owner: string;
  unit: string;
  /** Source time. */
  since_at: number;
  until_at: number | null;
  /** null for a lost device. */
  value: number | null;
  worst: number | null;
  state: string | null;
  limit_value: number | null;
  version: number;
}

/** Every transition of every alarm, never changed or deleted. */
export interface AlarmJournalTable {
  /** 1, 2, … without gaps. */
  sequence: number;
  alarm: string;
  site: string;
  /** Number of the occurrence it belongs to; 0 before the first. */
  occurrence: number;
  /** When the condition began or ended by its source's clock; null for what people or time alone did. */
  source_at: number | null;
  server_at: number;
  /** Names of states: `alarms/facts.stateName`. */
  from_state: string;
  to_state: string;
  why: JournalEntryView['why'];
  value: number | null;
  limit_value: number | null;
  /** `good`, or the reason why it was not. */
  quality: string;
  actor: string | null;
  reason: string | null;
  shelved_until: number | null;
  latched: number;
}

/** What people declared of a site or room for a time (suppression by design). */
export interface PlantStateTable {
  id: string;
  state: PlantState;
  site: string;
  /** Null: the whole site. */
  room: string | null;
  /** The access ticket that it goes with. */
  ticket: string | null;
  reason: string;
  from_at: number;
  to_at: number;
  created_by: string;
  ended_at: number | null;
  ended_by: string | null;
}

/** What is done about an alarm that comes too often: each change is a row, the latest counts. */
export interface AlarmWorkTable {
  id: string;
  /** `rule@point`. */
  alarm: string;
  state: AlarmWorkState;
  assignee: string | null;
  note: string | null;
  at: number;
  actor: string;
}

/** Whether an incident was a false alarm: each mark and each withdrawal is a row, the latest counts. */
export interface FalseAlarmTable {
  id: string;
  incident: string;
  /** 0: the mark was taken back. */
  marked: number;
  reason: string;
  at: number;
  actor: string;
}

/** The figures of a month, as they were when its report was made. */
interface AlarmReportTable {
  /** `2026-10`, WIB. */
  month: string;
  made_at: number;
  /** JSON: contracts/alarm-figures `alarmFiguresView`. */
  figures: string;
}
