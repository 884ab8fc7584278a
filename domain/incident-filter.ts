import type { Priority } from '../config/schema/common.ts';
import type { Discipline } from '../config/schema/rule.ts';
import { isOfSites, type SiteFilter } from '../core/site-filter.ts';

/** What a list of incidents is narrowed to; what is absent does not narrow it. */
export interface IncidentFilter {
  readonly site?: SiteFilter | undefined;
  readonly priorities?: readonly Priority[] | undefined;
  readonly discipline?: Discipline | undefined;
  /** Those that somebody still has to acknowledge. */
  readonly waiting?: boolean | undefined;
  /** Words that must all appear, each anywhere in the texts; case does not matter. */
  readonly text?: string | undefined;
}

/** What the filter looks at, of a row in the store as of a summary in the browser. */
export interface Filtered {
  readonly site: string;
  readonly priority: Priority;
  readonly discipline: Discipline;
  readonly waiting: boolean;
  readonly texts: readonly (string | null | undefined)[];
}

/** More words than anybody types; each is a condition of its own in the query. */
const mostWords = 10;

export function wordsOf(text: string | undefined): string[] {
  return (text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, mostWords);
}

export function fits(incident: Filtered, filter: IncidentFilter): boolean {
  const { site, priorities, discipline, waiting } = filter;
  if (!isOfSites(site, incident.site)) return false;
  if (priorities !== undefined && !priorities.includes(incident.priority)) return false;
  if (discipline !== undefined && discipline !== incident.discipline) return false;
  if (waiting !== undefined && waiting !== incident.waiting) return false;
  const words = wordsOf(filter.text);
  if (words.length === 0) return true;
  const searched = incident.texts.filter(Boolean).join(' ').toLowerCase();
  return words.every((word) => searched.includes(word));
}
