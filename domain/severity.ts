import type { Priority } from '../config/schema/common.ts';
import type { Discipline } from '../config/schema/rule.ts';
import type { IncidentSummary } from '../server/contracts/incidents.ts';

/** How bad, as the page draws it: P4 and P5 look the same. */
export type Severity = 'p1' | 'p2' | 'p3' | 'p4';

export function severityOf(priority: Priority): Severity {
  switch (priority) {
    case 'P1':
      return 'p1';
    case 'P2':
      return 'p2';
    case 'P3':
      return 'p3';
    case 'P4':
    case 'P5':
      return 'p4';
  }
}

/** Life safety first, then by priority, then what is due first. */
export function byUrgency(a: IncidentSummary, b: IncidentSummary): number {
  return (
    Number(b.lifeSafety) - Number(a.lifeSafety) ||
    a.priority.localeCompare(b.priority) ||
    Date.parse(a.dueAt) - Date.parse(b.dueAt) ||
    a.id.localeCompare(b.id)
  );
}

/** Still needs acknowledgement: it was not acknowledged while open, or an alarm came afterwards. */
export function isWaiting({ state, acknowledgedAt, unacknowledged }: IncidentSummary): boolean {
  return unacknowledged > 0 || (state !== 'resolved' && acknowledgedAt === null);
}

/** The incident that matters most, or undefined when there is none. One that is over counts until it is acknowledged. */
export function worstIncident(incidents: readonly IncidentSummary[]): IncidentSummary | undefined {
  return incidents.filter((incident) => incident.state !== 'resolved').sort(byUrgency)[0];
}

export function openAt(
  incidents: readonly IncidentSummary[],
  place: { site: string; discipline?: Discipline },
): IncidentSummary[] {
  return incidents.filter(
    (incident) =>
      incident.state !== 'resolved' &&
      incident.site === place.site &&
      (place.discipline === undefined || incident.discipline === place.discipline),
  );
}

/** The list with one incident as it is now: put in, replaced, or taken out once it is resolved. */
export function withIncident(open: readonly IncidentSummary[], incident: IncidentSummary): IncidentSummary[] {
  const others = open.filter((item) => item.id !== incident.id);
  return incident.state === 'resolved' ? others : [...others, incident];
}

/** What is due next first, whatever its priority; what is over last. */
export function byDue(a: IncidentSummary, b: IncidentSummary): number {
  return (
    Number(a.sla.state === 'stopped') - Number(b.sla.state === 'stopped') ||
    Date.parse(a.dueAt) - Date.parse(b.dueAt) ||
    a.id.localeCompare(b.id)
  );
}

/** What is left of the time to resolve, of time that counts, ms; negative when overdue. */
export function leftMs({ sla }: Pick<IncidentSummary, 'sla'>, now: number): number {
  if (sla.state !== 'counting') return sla.remainingMs;
  return sla.remainingMs - Math.max(0, now - Date.parse(sla.asOf));
}
