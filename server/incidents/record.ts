import type { OccurrenceRow } from '../alarms/journal.ts';
import type { Cause, Explanation } from './grouping.ts';
import { z } from 'zod';
import { effect } from '../../config/schema/rule.ts';
import type { IncidentAlarmTable, IncidentEventTable, IncidentTable } from '../db/schema/incidents.ts';

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
  Partial<Pick<EventRow, 'actor' | 'point' | 'value' | 'note' | 'request'>>;

export function eventRow(sequence: number, incident: string, event: TimelineEvent): EventRow {
  const { at, kind, actor, point, value, note, request } = event;
  return {
    sequence,
    incident,
    at,
    kind,
    actor: actor ?? null,
    point: point ?? null,
    value: value ?? null,
    note: note ?? null,
    request: request ?? null,
  };
}

/** What nobody has done anything about yet. */
export const unhandled = {
  reopened_at: null,
  pauses: '[]',
  sla_stage: 0,
  assigned_to: null,
  found_cause: null,
  remedy: null,
  disaster: null,
} as const satisfies Partial<IncidentRow>;

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

const causes = z.array(z.object({ node: z.string(), effect: effect.nullable(), inferred: z.boolean() }));

/** Causes as the row keeps them. */
export function causesText(list: readonly Cause[]): string {
  return JSON.stringify(list.map(({ node, effect: what, inferred }) => ({ node, effect: what, inferred })));
}

export function causesOf({ causes: text }: Pick<IncidentRow, 'causes'>): Cause[] {
  return causes.parse(JSON.parse(text));
}

const explanation = z.object({
  through: z.enum(['supplies', 'cools', 'carries', 'self']),
  node: z.string(),
  alarm: z.string().nullable(),
});

/** Why an alarm belongs to its incident, as the link keeps it; null for a cause. */
export function becauseText(because: Explanation | null): string | null {
  return because === null ? null : JSON.stringify(because);
}

export function becauseOf({ because }: Pick<LinkRow, 'because'>): Explanation | null {
  return because === null ? null : explanation.parse(JSON.parse(because));
}
