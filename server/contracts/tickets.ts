import { z } from 'zod';
import { instant } from './common.ts';

/** Access request, ITSM.3 *Layanan Akses Fisik DC/DRC*: particulars (a)–(d) and the superior's address. */
const person = z.strictObject({
  name: z.string().min(1).max(200),
  /** NIP, NIK or passport number; in answers only its last digits (`POST tickets/:id/identities` gives all). */
  identity: z.string().min(1).max(100),
  party: z.enum(['employee', 'third-party']),
});

export const ticketInput = z
  .strictObject({
    site: z.string().min(1),
    /** The Smart DC wants its rooms named; elsewhere none means the whole site. */
    rooms: z.array(z.string().min(1)).max(50).default([]),
    unit: z.string().min(1).max(200),
    pic: z.string().min(1).max(200),
    /** The PIC goes along: third parties must be accompanied in the DC and the Smart DC. */
    accompanied: z.boolean(),
    persons: z.array(person).min(1).max(100),
    activity: z.string().min(1).max(2_000),
    from: instant,
    to: instant,
    /** Of a superior of at least echelon IV, in CC. */
    superiorEmail: z.email(),
  })
  // A time that cannot be read is reported as such, not as an order too.
  .refine((ticket) => !(Date.parse(ticket.from) >= Date.parse(ticket.to)), {
    path: ['to'],
    message: 'must be after "from"',
  });
export type TicketInput = z.infer<typeof ticketInput>;

export const ticketView = z.object({
  id: z.string(),
  /** Sub-service of the catalogue: 3.1.1, 3.1.2 or 3.2. */
  service: z.string(),
  site: z.string(),
  rooms: z.array(z.string()),
  unit: z.string(),
  pic: z.string(),
  accompanied: z.boolean(),
  persons: z.array(person),
  activity: z.string(),
  from: instant,
  to: instant,
  superiorEmail: z.string(),
  createdAt: instant,
  createdBy: z.string(),
  /** Incidents whose place and time it touches. */
  incidents: z.array(
    z.object({
      id: z.string(),
      rule: z.string(),
      priority: z.string(),
      room: z.string().nullable(),
      openedAt: instant,
      resolvedAt: instant.nullable(),
    }),
  ),
});
export type TicketView = z.infer<typeof ticketView>;

/** What the identities are needed for. */
export const lookupInput = z.strictObject({ reason: z.string().trim().min(3).max(500) });
export const identitiesView = z.object({ ticket: z.string(), persons: z.array(person) });
export const identityLookupView = z.object({
  id: z.string(),
  ticket: z.string(),
  at: instant,
  user: z.string(),
  reason: z.string(),
});
