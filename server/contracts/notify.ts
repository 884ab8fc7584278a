import { z } from 'zod';
import { label, priority } from '../../config/schema/common.ts';
import { channel } from '../../config/schema/people.ts';
import { instant } from './common.ts';

/** Messages to people: what was sent to whom, and the page that a link in one opens. */

export const deliveryView = z.object({
  id: z.string(),
  incident: z.string(),
  person: z.string(),
  channel,
  kind: z.enum(['page', 'recovery', 'sla-warning', 'sla-breach']),
  /** Of the escalation, 0 the first. */
  step: z.int(),
  state: z.enum(['waiting', 'sent', 'failed', 'cancelled']),
  createdAt: instant,
  /** When the channel accepted it. */
  sentAt: instant.nullable(),
  /** When the person showed that it arrived. */
  receivedAt: instant.nullable(),
  attempts: z.int(),
  /** What the channel answered, or why it failed or was cancelled. */
  answer: z.string().nullable(),
});

/** For whoever opens the link in a message, without a sign-in: no more than the message said. */
export const acknowledgementView = z.object({
  person: z.string(),
  /** The link is too old to acknowledge with. */
  expired: z.boolean(),
  /** When the link was used to acknowledge: it works once. */
  usedAt: instant.nullable(),
  incident: z.object({
    id: z.string(),
    title: label,
    priority,
    site: z.string(),
    clause: z.string(),
    openedAt: instant,
    state: z.enum(['open', 'returned', 'resolved']),
    acknowledgedBy: z.string().nullable(),
    /** Something in it waits to be acknowledged. */
    waiting: z.boolean(),
  }),
  /** How many incidents the person was told of that wait, this one among them. */
  waiting: z.int(),
});
export type AcknowledgementView = z.infer<typeof acknowledgementView>;

const onCallView = z.object({
  layer: z.string(),
  name: label,
  /** Null: all sites. */
  sites: z.array(z.string()).nullable(),
  person: z.string(),
  personName: z.string(),
  because: z.enum(['rotation', 'override']),
  until: instant,
  /** Whom the rotation names after that. */
  next: z.string(),
  nextName: z.string(),
});

export const overrideView = z.object({
  id: z.string(),
  layer: z.string(),
  person: z.string(),
  from: instant,
  to: instant,
  reason: z.string(),
});
export type OverrideView = z.infer<typeof overrideView>;

const personView = z.object({ person: z.string(), name: z.string(), channels: z.array(channel) });

export const onCallPage = z.object({
  at: instant,
  /** Why somebody may not be reached; null when all is well. */
  problem: z.string().nullable(),
  layers: z.array(onCallView),
  overrides: z.array(overrideView),
  persons: z.array(personView),
  /** Whom an incident of each priority would be told to, opened at that moment. */
  escalation: z.array(
    z.object({
      site: z.string(),
      priority,
      steps: z.array(
        z.object({
          afterMs: z.number(),
          recipients: z.array(z.object({ person: z.string(), name: z.string(), channels: z.array(channel) })),
        }),
      ),
    }),
  ),
});
export type OnCallPage = z.infer<typeof onCallPage>;
