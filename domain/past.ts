import type { IncidentSummary } from '../server/contracts/incidents.ts';

/**
 * The incident as it was at a time: null before it began and after it was resolved; what was done later is not done yet.
 * Title and priority are those of the last record, since only their latest words are kept with it.
 */
export function incidentAt(incident: IncidentSummary, at: number): IncidentSummary | null {
  const after = (time: string | null): boolean => time === null || Date.parse(time) > at;
  if (after(incident.openedAt) || !after(incident.resolvedAt)) return null;
  const waiting = after(incident.acknowledgedAt);
  const returned = !after(incident.returnedAt);
  return {
    ...incident,
    state: returned ? 'returned' : 'open',
    resolvedAt: null,
    returnedAt: returned ? incident.returnedAt : null,
    acknowledgedAt: waiting ? null : incident.acknowledgedAt,
    acknowledgedBy: waiting ? null : incident.acknowledgedBy,
    unacknowledged: waiting ? Math.max(1, incident.unacknowledged) : 0,
    disaster: incident.disaster === null || after(incident.disaster.at) ? null : incident.disaster,
  };
}

export function incidentsAt(incidents: readonly IncidentSummary[], at: number): IncidentSummary[] {
  return incidents.map((incident) => incidentAt(incident, at)).filter((incident) => incident !== null);
}

export const speeds = [1, 10, 60, 600] as const;
export type Speed = (typeof speeds)[number];

export interface Span {
  readonly from: number;
  readonly to: number;
}

const minuteMs = 60_000;
export const spans = {
  '1h': 60 * minuteMs,
  '24h': 24 * 60 * minuteMs,
  '7d': 7 * 24 * 60 * minuteMs,
} as const;
export type SpanName = keyof typeof spans;

/** The part of time that the line shows: aligned, so that it does not slide while time goes on, and never beyond now. */
export function spanAround(at: number, name: SpanName, now: number): Span {
  const length = spans[name];
  const step = length / 2;
  const middle = Math.round(at / step) * step;
  const to = Math.min(now, middle + length / 2);
  return { from: to - length, to };
}

/** The next moment at which an incident began, forwards or backwards from a time. */
export function nextStart(
  incidents: readonly IncidentSummary[],
  at: number,
  direction: 'forwards' | 'backwards',
): number | undefined {
  const starts = incidents.map(({ openedAt }) => Date.parse(openedAt));
  return direction === 'forwards'
    ? starts.filter((start) => start > at).sort((a, b) => a - b)[0]
    : starts.filter((start) => start < at).sort((a, b) => b - a)[0];
}
