import { trialRule } from '../../config/schema/trial.ts';
import { priority as priorities } from '../../config/schema/common.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import type { BrokenIncident, PriorityFigures } from '../contracts/operations.ts';
import type { Database } from '../db/schema.ts';
import type { IncidentTable } from '../db/schema/incidents.ts';
import type { Range } from '../historian/historian.ts';
import { slaOf, type SlaRules } from '../incidents/sla.ts';

export type CountedIncident = Pick<
  IncidentTable,
  | 'id' | 'site' | 'priority' | 'title_id' | 'title_en' | 'opened_at' | 'due_at' | 'acknowledged_at' | 'returned_at' | 'resolved_at'
  | 'reopened_at' | 'pauses'
>; // prettier-ignore

/** More than a control room can have handled in a month: bounds the memory. */
const mostCounted = 50_000;

/** Incidents that began in a time; trials and those that were merged into another one are not counted. */
export function incidentsOf(db: Database, { from, to }: Range): Promise<CountedIncident[]> {
  return db
    .selectFrom('incident')
    .select([
      'id', 'site', 'priority', 'title_id', 'title_en', 'opened_at', 'due_at', 'acknowledged_at', 'returned_at', 'resolved_at',
      'reopened_at', 'pauses',
    ])
    .where('opened_at', '>=', from)
    .where('opened_at', '<', to)
    .where('rule', '!=', trialRule)
    .where('merged_into', 'is', null)
    .orderBy('opened_at')
    .limit(mostCounted)
    .execute();
} // prettier-ignore

const brokenShown = 20;

/** By priority, with whether the time to resolve of BAB III was kept. Pure. */
export function incidentFigures(
  incidents: readonly CountedIncident[],
  rules: SlaRules,
  now: number,
): { readonly priorities: PriorityFigures[]; readonly broken: BrokenIncident[] } {
  const judged = incidents.map((incident) => {
    const sla = slaOf(incident, rules, now);
    const end = sla.state === 'stopped' ? endOf(incident) : null;
    return { incident, end, state: sla.breached ? 'broken' : end === null ? 'open' : 'kept' } as const;
  });
  return {
    priorities: priorities.options.map((priority) => {
      const own = judged.filter(({ incident }) => incident.priority === priority);
      const count = (state: (typeof own)[number]['state']): number => own.filter((each) => each.state === state).length;
      return {
        priority,
        count: own.length,
        kept: count('kept'),
        broken: count('broken'),
        open: count('open'),
        acknowledge: spread(own.flatMap(({ incident: { acknowledged_at: at, opened_at: from } }) => (at === null ? [] : [at - from]))),
        resolve: spread(own.flatMap(({ incident, end }) => (end === null ? [] : [end - incident.opened_at]))),
      };
    }),
    broken: judged
      .filter(({ state }) => state === 'broken')
      .sort((a, b) => a.incident.priority.localeCompare(b.incident.priority) || a.incident.opened_at - b.incident.opened_at)
      .slice(0, brokenShown)
      .map(({ incident, end }) => ({
        id: incident.id,
        title: { id: incident.title_id, en: incident.title_en },
        priority: incident.priority,
        openedAt: iso(incident.opened_at),
        dueAt: iso(incident.due_at),
        endedAt: isoOrNull(end),
      })),
  };
} // prettier-ignore

function endOf({
  returned_at: returned,
  resolved_at: resolved,
  reopened_at: reopened,
}: CountedIncident): number | null {
  return reopened === null ? (returned ?? resolved) : resolved;
}

/** Nearest rank, so that every figure is one that was measured. */
function spread(values: readonly number[]): PriorityFigures['resolve'] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number | null =>
    sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null;
  return { median: at(0.5), p90: at(0.9), count: sorted.length };
}
