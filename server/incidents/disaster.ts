import { z } from 'zod';
import type { Standard } from '../../config/schema/standard.ts';
import type { Handling } from './handling.ts';
import { HandlingRefused } from './handling.ts';
import type { LiveIncident } from './live.ts';
import type { OpenIncidents } from './open-incidents.ts';
import type { IncidentRow } from './record.ts';
import { dueAt, pausesOf, type SlaRules } from './sla.ts';
import type { IncidentWriter } from './writer.ts';

/**
 * *Bencana TIK* (BAB III): a disturbance on main or supporting infrastructure that is not solved within a period set beforehand.
 * It is only proposed; an authorised person declares or rejects it.
 */

const state = z.object({
  state: z.enum(['proposed', 'declared', 'rejected']),
  at: z.number(),
  /** Null: the period has passed. */
  by: z.string().nullable(),
  reason: z.string().nullable(),
});
type DisasterState = z.infer<typeof state>;

/** As the row keeps it; null: nothing suggests one. */
export function disasterOf({ disaster }: Pick<IncidentRow, 'disaster'>): DisasterState | null {
  return disaster === null ? null : state.parse(JSON.parse(disaster));
}

type Periods = Standard['disaster']['infrastructure'];
type Judged = Pick<IncidentRow, 'discipline' | 'priority' | 'opened_at' | 'returned_at' | 'merged_into'>;

/** When an unsolved incident becomes a proposal; undefined: never. Pure. */
function proposedAt(
  { discipline, priority, opened_at: opened, returned_at: returned, merged_into: merged }: Judged,
  periods: Periods,
): number | undefined {
  if (returned !== null || merged !== null) return undefined;
  const fitting = periods.filter(
    (each) => each.disciplines.includes(discipline) && each.priorities.includes(priority),
  );
  return fitting.length === 0 ? undefined : opened + Math.min(...fitting.map(({ after }) => after));
}

/** Call once a second; answers whether something is to be written. */
export function createDisasterWatch(options: {
  readonly periods: Periods;
  readonly open: Pick<OpenIncidents, 'all' | 'amend'>;
  readonly writer: Pick<IncidentWriter, 'event'>;
}): { tick(now: number): boolean } {
  const { periods, open, writer } = options;
  const isDue = ({ incident }: LiveIncident, now: number): boolean =>
    incident.disaster === null && now >= (proposedAt(incident, periods) ?? Infinity);
  return {
    tick(now) {
      const due = [...open.all()].filter((live) => isDue(live, now));
      for (const live of due) {
        writer.event(live.incident.id, { at: now, kind: 'disaster-proposed' });
        const proposed: DisasterState = { state: 'proposed', at: now, by: null, reason: null };
        open.amend(live, { disaster: JSON.stringify(proposed) }, now);
      }
      return due.length > 0;
    },
  };
}

interface Decision {
  readonly decision: 'declare' | 'reject';
  readonly actor: string;
  readonly reason: string;
}

/** An open incident may be declared at any time, a proposal or a declaration rejected. A disaster is handled like priority 1. */
export function decideDisaster(
  handling: Handling,
  { id, rules, now }: { readonly id: string; readonly rules: SlaRules; readonly now: number },
  { decision, actor, reason }: Decision,
): ReturnType<Handling['amend']> {
  return handling.amend(id, (incident) => {
    const before = disasterOf(incident)?.state;
    if (incident.resolved_at !== null) throw new HandlingRefused('it is resolved: there is nothing to declare');
    if (decision === 'declare' && before === 'declared') throw new HandlingRefused('it is declared already');
    if (decision === 'reject' && before !== 'proposed' && before !== 'declared')
      throw new HandlingRefused('it is neither proposed nor declared');
    const next: DisasterState = {
      state: decision === 'declare' ? 'declared' : 'rejected',
      at: now,
      by: actor,
      reason,
    };
    const raised = { priority: 'P1' as const, due_at: dueAt(incident.opened_at, 'P1', { ...rules, pauses: pausesOf(incident) }) };
    return {
      change: { disaster: JSON.stringify(next), ...(decision === 'declare' && incident.priority !== 'P1' ? raised : {}) },
      event: { at: now, kind: `disaster-${next.state}` as const, actor, note: reason },
    };
  });
} // prettier-ignore
