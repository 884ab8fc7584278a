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
