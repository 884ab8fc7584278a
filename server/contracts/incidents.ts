import { z } from 'zod';
import { label, level, priority } from '../../config/schema/common.ts';
import { discipline } from '../../config/schema/rule.ts';
import { instant } from './common.ts';

/** Incidents (*Gangguan*) and the alarms they hold. */
const alarmView = z.object({
  point: z.string(),
  /** Rack label or device id. */
  owner: z.string(),
  unit: z.string(),
  /** When the condition began (before the on-delay) and when it ended. */
  since: instant,
  until: instant.nullable(),
  /** At the raise, and the worst since; null for a lost device. */
  value: z.number().nullable(),
  worst: z.number().nullable(),
  state: z.string().nullable(),
  limit: z.number().nullable(),
});
export type AlarmView = z.infer<typeof alarmView>;

export const timelineEntry = z.object({
  at: instant,
  kind: z.enum([
    'opened',
    'alarm-raised',
    'alarm-returned',
    'acknowledged',
    'noted',
    'reset',
    'resolved',
    'priority-changed',
  ]),
  /** User name, or null when the system did it. */
  actor: z.string().nullable(),
  point: z.string().nullable(),
  value: z.number().nullable(),
  note: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

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
  /** Where the limit comes from: a clause of the catalogue or another named source. */
  clause: z.string(),
  state: z.enum(['open', 'resolved']),
  openedAt: instant,
  /** When BAB III wants it solved. */
  dueAt: instant,
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: instant.nullable(),
  /** Alarms standing now, and all that the incident ever held. */
  active: z.int(),
  total: z.int(),
  /** The alarm that tells most: the worst value, or the first. */
  worst: alarmView.nullable(),
});
export type IncidentSummary = z.infer<typeof incidentSummary>;

export const incidentView = incidentSummary.extend({
  alarms: z.array(alarmView),
  timeline: z.array(timelineEntry),
  /** Services at risk in this place. */
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

/** One standing alarm, with the incident it belongs to. */
export const standingAlarmView = alarmView.extend({
  /** `rule@point`. */
  id: z.string(),
  incident: z.string(),
  site: z.string(),
  room: z.string().nullable(),
  rule: z.string(),
  name: label,
  discipline,
  priority,
  clause: z.string(),
  acknowledged: z.boolean(),
  /** Waits for a reset after inspection. */
  latched: z.boolean(),
  /** Name of ISA-18.2. */
  alarmState: z.enum([
    'normal',
    'unacknowledged',
    'acknowledged',
    'returned-unacknowledged',
    'latched-unacknowledged',
    'latched-acknowledged',
  ]),
});
export type StandingAlarmView = z.infer<typeof standingAlarmView>;
