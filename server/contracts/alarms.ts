import { z } from 'zod';
import { label, priority } from '../../config/schema/common.ts';
import { discipline } from '../../config/schema/rule.ts';
import { instant, role } from './common.ts';

/** Alarms: their current state, and the journal of their transitions. */

/** Names of ISA-18.2. */
const alarmState = z.enum([
  'normal',
  'unacknowledged',
  'acknowledged',
  'returned-unacknowledged',
  'latched-unacknowledged',
  'latched-acknowledged',
]);

/** One occurrence of an alarm. */
export const occurrenceView = z.object({
  point: z.string(),
  /** Rack label or device id. */
  owner: z.string(),
  /** The same as people call it: "Genset 1", "Rak A-01". */
  ownerName: label,
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
export type OccurrenceView = z.infer<typeof occurrenceView>;

/** What is true of an alarm now. */
const conditions = {
  alarmState,
  acknowledged: z.boolean(),
  /** Waits for a reset after inspection. */
  latched: z.boolean(),
  shelvedUntil: instant.nullable(),
  /** By an operator. */
  suppressed: z.boolean(),
  /** By design while a condition of its rule holds: the reason. */
  suppressedBy: z.string().nullable(),
  outOfService: z.boolean(),
  /** It came and went so often that its return is held back. */
  chattering: z.boolean(),
};
export const alarmConditions = z.object(conditions);
export type AlarmConditions = z.infer<typeof alarmConditions>;

/** For how long the alarm may be shelved, ms, by role; a role that is absent may not. */
export const shelving = z.partialRecord(role, z.int().positive());
export type Shelving = z.infer<typeof shelving>;

/** One alarm with its latest occurrence and the incident that is linked to it. */
export const standingAlarmView = occurrenceView.extend({
  /** Null when it was never in alarm. */
  since: instant.nullable(),
  /** `rule@point`. */
  id: z.string(),
  /** Null while the alarm is hidden, or when it has returned and its incident is over. */
  incident: z.string().nullable(),
  site: z.string(),
  room: z.string().nullable(),
  rule: z.string(),
  name: label,
  discipline,
  priority,
  clause: z.string(),
  /** Which of several limits of its quantity this is. */
  level: z.enum(['HH', 'H', 'L', 'LL']).nullable(),
  shelving,
  ...conditions,
  /** False while its newest change is in memory only, because the store cannot write. */
  durable: z.boolean(),
});
export type StandingAlarmView = z.infer<typeof standingAlarmView>;

/** How many alarms each list holds. */
export const alarmCountsView = z.object({
  annunciated: z.int(),
  shelved: z.int(),
  suppressed: z.int(),
  outOfService: z.int(),
});

export const journalEntryView = z.object({
  sequence: z.int(),
  alarm: z.string(),
  site: z.string(),
  /** Number of the occurrence, counted per alarm; 0 before the first. */
  occurrence: z.int(),
  /** When the condition began or ended by its source's clock. */
  sourceAt: instant.nullable(),
  serverAt: instant,
  /** State of ISA-18.2, and what hides the alarm: `unacknowledged`, `acknowledged+shelved`. */
  from: z.string(),
  to: z.string(),
  why: z.enum([
    'raise',
    'return',
    'acknowledge',
    'reset',
    'shelve',
    'unshelve',
    'shelf-end',
    'design-suppress',
    'design-unsuppress',
    'chatter',
    'chatter-end',
    're-alarm',
    'suppress',
    'unsuppress',
    'out-of-service',
    'return-to-service',
    'retire',
  ]),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  /** `good`, or the reason why it was not. */
  quality: z.string(),
  actor: z.string().nullable(),
  reason: z.string().nullable(),
  shelvedUntil: instant.nullable(),
  durable: z.boolean(),
});
export type JournalEntryView = z.infer<typeof journalEntryView>;

const reason = z.string().trim().min(1).max(500);
export const reasonInput = z.strictObject({ reason });
export const optionalReasonInput = z.strictObject({ reason: reason.optional() });
export const shelveInput = z.strictObject({ until: instant, reason });
