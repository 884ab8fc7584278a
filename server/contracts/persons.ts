import { z } from 'zod';
import { instant } from './common.ts';
import { ticketView } from './tickets.ts';

/** Whom a command is about. An identity is compared without spaces, dots and dashes; an address of a PIC or superior without case. */
const subject = {
  identity: z.string().trim().min(4).max(100).optional(),
  email: z.email().optional(),
};
export const personInput = z
  .strictObject({ ...subject, reason: z.string().trim().min(3).max(500) })
  .refine(({ identity, email }) => identity !== undefined || email !== undefined, {
    path: ['identity'],
    message: 'give "identity", "email" or both',
  })
  .refine(({ identity }) => identity?.includes('•') !== true, {
    path: ['identity'],
    message: 'this is a masked identity; give the whole number',
  });
export type PersonInput = z.infer<typeof personInput>;

export const erasureView = z.object({
  /** Of the record of the erasure. */
  id: z.string(),
  at: instant,
  actor: z.string(),
  reason: z.string(),
  tickets: z.int(),
  events: z.int(),
  cards: z.int(),
  mails: z.int(),
  series: z.int(),
  /** Values that the log had commitments to; its proofs stay. */
  values: z.int(),
});
export type ErasureView = z.infer<typeof erasureView>;

/** How long personal data is kept, and what the last look for what is past it did. */
export const retentionView = z.object({
  ticketDays: z.number(),
  eventDays: z.number(),
  /** Rule or decision that the periods are of. */
  source: z.string(),
  /** Null: none since the server's start. */
  last: z
    .object({
      at: instant,
      /** What ended before is past its period; null: too little is stored to know the time for sure. */
      ticketsBefore: instant.nullable(),
      eventsBefore: instant.nullable(),
      tickets: z.int(),
      events: z.int(),
      values: z.int(),
    })
    .nullable(),
});
export type RetentionView = z.infer<typeof retentionView>;

/** What is held about one person (UU 27/2022, the right to a copy). */
export const personExport = z.object({
  at: instant,
  subject: z.object({ identity: z.string().nullable(), email: z.string().nullable() }),
  tickets: z.array(
    z.object({
      id: z.string(),
      service: z.string(),
      site: z.string(),
      unit: z.string(),
      activity: z.string(),
      state: ticketView.shape.state,
      from: instant,
      to: instant,
      /** As whom the person stands on it. */
      roles: z.array(z.enum(['person', 'pic', 'superior'])),
      names: z.array(z.string()),
      identities: z.array(z.string()),
      picEmail: z.string().nullable(),
      superiorEmail: z.string().nullable(),
      /** What the site asks beside the catalogue: of the ticket as a whole. */
      fields: ticketView.shape.fields,
    }),
  ),
  cards: z.array(
    z.object({ ticket: z.string(), card: z.string(), givenAt: instant, returnedAt: instant.nullable() }),
  ),
  events: z.array(
    z.object({
      id: z.string(),
      at: instant,
      site: z.string(),
      room: z.string().nullable(),
      kind: z.string(),
      card: z.string().nullable(),
      person: z.string().nullable(),
    }),
  ),
  mails: z.array(z.object({ ticket: z.string(), at: instant, to: z.string(), cc: z.array(z.string()) })),
  /** Series of visits that name the person. */
  series: z.array(z.string()),
  /** Who has read identities of these tickets before. */
  lookups: z.array(z.object({ ticket: z.string(), at: instant, user: z.string(), reason: z.string() })),
});
export type PersonExport = z.infer<typeof personExport>;
