import { z } from 'zod';
import { label, level, priority } from '../../config/schema/common.ts';
import { discipline } from '../../config/schema/rule.ts';
import { alarmConditions, occurrenceView } from './alarms.ts';
import { instant } from './common.ts';

/** Incidents (*Gangguan*) and the occurrences of alarms that are linked to them. */

/** One linked occurrence. */
const incidentAlarmView = occurrenceView.extend({
  /** `rule@point`, and the number of the occurrence. */
  id: z.string(),
  occurrence: z.int(),
  /** The alarm's present conditions while this is its latest occurrence, else those of an alarm that is over. */
  ...alarmConditions.shape,
});
export type IncidentAlarmView = z.infer<typeof incidentAlarmView>;

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
    'alarm-acknowledged',
    'alarm-reset',
    'alarm-shelved',
    'alarm-unshelved',
    'alarm-suppressed',
    'alarm-unsuppressed',
    'alarm-out-of-service',
    'alarm-in-service',
    'alarm-moved-in',
    'alarm-moved-out',
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
  /** Deadline to resolve by BAB III. */
  dueAt: instant,
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: instant.nullable(),
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
  alarms: z.array(incidentAlarmView),
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
