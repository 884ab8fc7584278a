import { newNotification, type NotificationRow } from '../notify/record.ts';
import type { EscalationPlan } from '../people/roster.ts';
import type { SlaRules } from './sla.ts';
import type { LiveIncident } from './live.ts';
import type { OpenIncidents } from './open-incidents.ts';
import type { IncidentWriter } from './writer.ts';
import { dueAt, isRunning, pausesOf, warnAtPart } from './sla.ts';

/** What is told of a time to resolve: nearly used, or over. */
export type SlaStage = 'sla-warning' | 'sla-breach';

/**
 * Watches the times to resolve of the open incidents: an entry in the timeline and a message when three quarters are used, and
 * when all of it is. `tick` answers whether something is to be written.
 */
export function createSlaWatch(options: {
  readonly rules: SlaRules;
  readonly open: Pick<OpenIncidents, 'all' | 'amend'>;
  readonly writer: Pick<IncidentWriter, 'event'>;
  readonly tell: (live: LiveIncident, stage: SlaStage, at: number) => void;
}): { tick(now: number): boolean } {
  const { rules, open, writer, tell } = options;
  /** Made anew when its deadline has moved. */
  const warnings = new WeakMap<LiveIncident, { readonly key: string; readonly at: number }>();

  function warnAt(live: LiveIncident): number {
    const { incident } = live;
    const { opened_at: openedAt, priority, due_at: due, pauses } = incident;
    const key = `${priority} ${due} ${pauses}`;
    const known = warnings.get(live);
    if (known?.key === key) return known.at;
    const at = dueAt(openedAt, priority, { ...rules, pauses: pausesOf(incident), part: warnAtPart });
    warnings.set(live, { key, at });
    return at;
  }

  return {
    tick(now) {
      const due: { live: LiveIncident; stage: SlaStage }[] = [];
      for (const live of open.all()) {
        const { sla_stage: told, due_at: dueMs, merged_into: merged } = live.incident;
        if (told >= 2 || merged !== null || !isRunning(live.incident)) continue;
        if (now > dueMs) due.push({ live, stage: 'sla-breach' });
        else if (told === 0 && now >= warnAt(live)) due.push({ live, stage: 'sla-warning' });
      }
      for (const { live, stage } of due) {
        const isBreach = stage === 'sla-breach';
        writer.event(live.incident.id, { at: now, kind: isBreach ? 'sla-breached' : 'sla-warning' });
        open.amend(live, { sla_stage: isBreach ? 2 : 1 }, now);
        tell(live, stage, now);
      }
      return due.length > 0;
    },
  };
}

/** A warning goes to whom the incident is told first, a breach to everybody whom its escalation knows; one message each. */
export function slaNotices(
  plan: EscalationPlan,
  details: {
    readonly incident: string;
    readonly stage: SlaStage;
    readonly at: number;
    readonly newId: (at: number) => string;
  },
): NotificationRow[] {
  const { incident, stage, at, newId } = details;
  const recipients = plan.steps
    .slice(0, stage === 'sla-breach' ? undefined : 1)
    .flatMap((step, index) => step.recipients.map((recipient) => ({ ...recipient, step: index })));
  const told = new Set<string>();
  return recipients.flatMap(({ person, channels: [channel], step }): NotificationRow[] => {
    if (channel === undefined || told.has(person)) return [];
    told.add(person);
    return [newNotification({ incident, person, channel, kind: stage, step }, { id: newId(at), at })];
  });
}
