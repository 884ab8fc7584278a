import type { OccurrenceRow } from '../alarms/journal.ts';
import type { IncidentAlarmTable, IncidentEventTable, IncidentTable } from '../db/schema.ts';

/** Rows are values: a change makes a new one, so that what waits to be written does not change underneath. */
export type IncidentRow = Readonly<IncidentTable>;
export type LinkRow = Readonly<IncidentAlarmTable>;
export type EventRow = Readonly<IncidentEventTable>;

/** An incident and the occurrence furthest beyond its limit: what a summary is made of. */
export interface IncidentRecord {
  readonly incident: IncidentRow;
  readonly worst: OccurrenceRow | null;
}

/** What happened in an incident, before it has its number. */
export type TimelineEvent = Pick<EventRow, 'at' | 'kind'> &
  Partial<Pick<EventRow, 'actor' | 'point' | 'value' | 'note'>>;

export function eventRow(sequence: number, incident: string, event: TimelineEvent): EventRow {
  const { at, kind, actor, point, value, note } = event;
  return {
    sequence,
    incident,
    at,
    kind,
    actor: actor ?? null,
    point: point ?? null,
    value: value ?? null,
    note: note ?? null,
  };
}

/** Names an occurrence among all alarms. */
export function occurrenceId(alarm: string, number: number): string {
  return `${alarm}#${number}`;
}

/** Of two occurrences of one incident, the one further beyond its limit; of states, and of equals, the first. */
export function isWorse(candidate: OccurrenceRow, best: OccurrenceRow | null): boolean {
  return best === null || deviation(candidate) > deviation(best);
}

function deviation({ worst, limit_value: limit }: OccurrenceRow): number {
  return worst === null || limit === null ? 0 : Math.abs(worst - limit);
}
