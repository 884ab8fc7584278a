import type { AlarmTable, IncidentEventTable, IncidentTable } from '../db/schema.ts';
import type { BoundAlarm } from '../alarms/bind.ts';
import type { AlarmFacts, Occurrence } from '../alarms/facts.ts';

/** Rows are values: a change makes a new one, so that what waits to be written does not change underneath. */
export type IncidentRow = Readonly<IncidentTable>;
export type AlarmRow = Readonly<AlarmTable>;
export type EventRow = Readonly<IncidentEventTable>;

/** An incident and the alarm that tells most: what a summary is made of. */
export interface IncidentRecord {
  readonly incident: IncidentRow;
  readonly worst: AlarmRow | null;
}

/** Children sort in the order they were made, also within a millisecond. */
export function childId(incident: string, number: number): string {
  return `${incident}-${String(number).padStart(8, '0')}`;
}

/** The number in a child's id; 0 for none. */
export function childNumber(id: string | null): number {
  return id === null ? 0 : Number(id.slice(id.lastIndexOf('-') + 1));
}

export function isStandingRow(row: AlarmRow): boolean {
  return row.until_at === null || row.latched === 1;
}

/** A new occurrence of an alarm. */
export function alarmRow(
  { rule, point, test, owner }: BoundAlarm,
  occurrence: Occurrence,
  place: { readonly id: string; readonly incident: string },
): AlarmRow {
  // A lost device has a state and no number.
  const number = (value: number): number | null => (point.source.from === 'link' ? null : value);
  return {
    ...place,
    rule: rule.rule,
    point: point.id,
    owner,
    unit: point.unit,
    since_at: occurrence.since,
    until_at: null,
    value: number(occurrence.value),
    worst: number(occurrence.worst),
    state: point.states?.get(occurrence.value) ?? null,
    limit_value: test.kind === 'states' ? null : test.limit,
    latched: rule.latched ? 1 : 0,
    acknowledged: 0,
  };
}

/** The facts as they are now, on the same row. */
export function withFacts(row: AlarmRow, facts: AlarmFacts): AlarmRow {
  return {
    ...row,
    until_at: facts.inAlarm ? null : (facts.occurrence?.until ?? row.until_at),
    worst: row.worst === null ? null : (facts.occurrence?.worst ?? row.worst),
    latched: facts.latched ? 1 : 0,
    acknowledged: facts.acknowledged ? 1 : 0,
  };
}

/** The way back, after a restart. */
export function factsOf(row: AlarmRow): AlarmFacts {
  return {
    inAlarm: row.until_at === null,
    latched: row.latched === 1,
    acknowledged: row.acknowledged === 1,
    pending: null,
    occurrence: {
      since: row.since_at,
      until: row.until_at,
      value: row.value ?? Number.NaN,
      worst: row.worst ?? Number.NaN,
    },
  };
}

/** Of two alarms of one incident, the one further beyond its limit; of states, and of equals, the first. */
export function tellsMore(candidate: AlarmRow, best: AlarmRow | null): boolean {
  return best === null || deviation(candidate) > deviation(best);
}

function deviation({ worst, limit_value: limit }: AlarmRow): number {
  return worst === null || limit === null ? 0 : Math.abs(worst - limit);
}
