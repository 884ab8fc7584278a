import type { OccurrenceRow } from '../alarms/journal.ts';
import type { Group } from './grouping.ts';
import { isWorse, type IncidentRow, type LinkRow } from './record.ts';

/** An occurrence that is linked to an incident, and whether it counts there as active and as not yet acknowledged. */
export interface LinkedAlarm {
  readonly link: LinkRow;
  readonly occurrence: OccurrenceRow;
  readonly active: boolean;
  readonly unseen: boolean;
}

/** An incident in memory: one that is not resolved. */
export interface LiveIncident {
  incident: IncidentRow;
  worst: OccurrenceRow | null;
  /** The latest linked occurrence of each alarm, by `rule@point`. */
  readonly links: Map<string, LinkedAlarm>;
  /** Of its active alarms, when they were last grouped. */
  groups: readonly Group[];
}

/** Its alarms that nobody has acknowledged, by `rule@point`. */
export function unseenIn({ links }: LiveIncident): string[] {
  return [...links].filter(([, linked]) => linked.unseen).map(([key]) => key);
}

export function worstOf({ links }: LiveIncident): OccurrenceRow | null {
  let worst: OccurrenceRow | null = null;
  for (const { link, occurrence } of links.values())
    if (link.moved_to === null && isWorse(occurrence, worst)) worst = occurrence;
  return worst;
}

/** Not resolved: a condition that stands, or one that is over and that nobody has acknowledged. */
export function isOpen({ incident }: { readonly incident: IncidentRow }): boolean {
  return incident.resolved_at === null;
}
