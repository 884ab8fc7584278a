import { z } from 'zod';
import { label, level, priority } from '../../config/schema/common.ts';
import { discipline, effect } from '../../config/schema/rule.ts';
import { alarmConditions, occurrenceView, shelving } from './alarms.ts';
import { instant } from './common.ts';

/** Incidents (*Gangguan*) and the occurrences of alarms that are linked to them. */

/** One linked occurrence. */
const incidentAlarmView = occurrenceView.extend({
  /** `rule@point`, and the number of the occurrence. */
  id: z.string(),
  occurrence: z.int(),
  /** The alarm's present conditions while this is its latest occurrence, else those of an alarm that is over. */
  ...alarmConditions.shape,
  rule: z.string(),
  name: label,
  /** Where its limit or its states come from; null: the configuration no longer has the rule. */
  clause: z.string().nullable(),
  /** On which side of the limit it is in alarm; null: it is about states. */
  side: z.enum(['above', 'below']).nullable(),
  /** For how long it may be shelved, by role. */
  shelving,
  /** It began first of all alarms of the incident (first-out). */
  firstOut: z.boolean(),
  /** Why it belongs here; null: it is a cause itself, or a person put it here. */
  because: z
    .object({
      /** Along the topology's edges from what supplies, cools or carries it; `self`: on the same thing. */
      through: z.enum(['supplies', 'cools', 'carries', 'self']),
      node: z.string(),
      /** From the thing to its cause, by name. */
      path: z.array(label),
      /** `rule@point`; null: inferred. */
      alarm: z.string().nullable(),
    })
    .nullable(),
});
export type IncidentAlarmView = z.infer<typeof incidentAlarmView>;

/** Whom an incident can be given to. */
export const assigneesView = z.object({ people: z.array(z.object({ id: z.string(), name: z.string() })) });

export const timelineEntry = z.object({
  at: instant,
  kind: z.enum([
    'opened',
    'alarm-raised',
    'alarm-returned',
    'acknowledged',
    'noted',
    'reset',
    'returned',
    'resolved',
    'merged-into',
    'merged-from',
    'priority-changed',
    'alarm-acknowledged',
    'alarm-reset',
    'alarm-shelved',
    'alarm-unshelved',
    'alarm-suppressed',
    'alarm-chattering',
    'alarm-again',
    'alarm-unsuppressed',
    'alarm-out-of-service',
    'alarm-in-service',
    'alarm-moved-in',
    'alarm-moved-out',
    'sla-warning',
    'sla-breached',
    'paused',
    'resumed',
    'assigned',
    'attached',
    'closed',
    'reopened',
    'disaster-proposed',
    'disaster-declared',
    'disaster-rejected',
    'report-opened',
    'report-sent',
  ]),
  /** User name, or null when the system did it. */
  actor: z.string().nullable(),
  point: z.string().nullable(),
  /** What the point is measured at, as people call it; null with a point: the configuration no longer has it. */
  ownerName: label.nullable(),
  value: z.number().nullable(),
  note: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

/** The clock of BAB III table 2, as it was at `asOf`; it moves on by itself while `counting`. */
const slaView = z.object({
  clock: z.enum(['around-the-clock', 'working-hours']),
  /** `waiting`: outside of working hours; `stopped`: the disturbance is over. */
  state: z.enum(['counting', 'waiting', 'paused', 'stopped']),
  asOf: instant,
  /** Of time that counts; negative when it is over. */
  remainingMs: z.number(),
  totalMs: z.number(),
  /** Three quarters of it are used. */
  warned: z.boolean(),
  breached: z.boolean(),
  /** While it is paused. */
  pause: z.object({ since: instant, by: z.string(), reason: z.string() }).nullable(),
});
export type SlaView = z.infer<typeof slaView>;

export const incidentSummary = z.object({
  id: z.string(),
  site: z.string(),
  room: z.string().nullable(),
  rule: z.string(),
  name: label,
  discipline,
  priority,
  urgency: level,
  impact: level,
  /** What happened, where, how much, as a sentence; of what is over, as it was last. */
  title: label,
  /** Fire, extinguishing gas, water or duress: shown before everything else. */
  lifeSafety: z.boolean(),
  /** Where it has its cause, the one that began first first. */
  causes: z.array(
    z.object({
      /** Key in the topology, `dc/ups-a1`, `dc/grid:pln-a`. */
      node: z.string(),
      name: label,
      effect: effect.nullable(),
      /** No alarm of its own: nearly everything behind it is in alarm. */
      inferred: z.boolean(),
    }),
  ),
  /** Where the limit comes from: a clause of the catalogue or another named source. */
  clause: z.string(),
  /** `returned`: the condition is over and nobody has acknowledged all of it. */
  state: z.enum(['open', 'returned', 'resolved']),
  openedAt: instant,
  /** Deadline to resolve by BAB III. */
  dueAt: instant,
  sla: slaView,
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  returnedAt: instant.nullable(),
  resolvedAt: instant.nullable(),
  /** The incident that goes on with its alarms. */
  mergedInto: z.string().nullable(),
  reopenedAt: instant.nullable(),
  /** A person of people.yaml, or a user. */
  assignedTo: z.string().nullable(),
  /** *Bencana TIK*: proposed by the period that has passed, and decided by an authorised person; null: neither. */
  disaster: z
    .object({
      state: z.enum(['proposed', 'declared', 'rejected']),
      at: instant,
      by: z.string().nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
  /** Linked alarms: active now, not yet acknowledged, and in total. */
  active: z.int(),
  unacknowledged: z.int(),
  total: z.int(),
  /** The occurrence furthest beyond its limit, or the first. */
  worst: occurrenceView.nullable(),
  /** False while the newest change is in memory only, because the store cannot write. */
  durable: z.boolean(),
});
export type IncidentSummary = z.infer<typeof incidentSummary>;

export const incidentView = incidentSummary.extend({
  /** What the people who solved it found and did; null until somebody has written it. */
  resolution: z.object({ cause: z.string(), remedy: z.string() }).nullable(),
  /** What to go through before a *Bencana TIK* is declared; empty while nothing suggests one. */
  checklist: z.array(label),
  /** The configuration allows a pause of its clock. */
  pausable: z.boolean(),
  alarms: z.array(incidentAlarmView),
  timeline: z.array(timelineEntry),
  /** Services at risk: what stands on the things that its causes supply, cool or are. */
  services: z.array(z.object({ service: z.string(), name: z.string(), criticality: level })),
  /** Access tickets whose room and window it touches. */
  tickets: z.array(
    z.object({
      id: z.string(),
      service: z.string(),
      unit: z.string(),
      pic: z.string(),
      activity: z.string(),
      from: instant,
      to: instant,
    }),
  ),
});
export type IncidentView = z.infer<typeof incidentView>;

/** Ids; `unknown`: those that do not exist. */
export const manyAcknowledged = z.object({ acknowledged: z.array(z.string()), unknown: z.array(z.string()) });
