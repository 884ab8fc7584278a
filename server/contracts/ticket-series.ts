import { z } from 'zod';
import { instant } from './common.ts';
import { ticketFields } from './tickets.ts';

/** Monday is 1. */
const weekday = z.int().min(1).max(7);

const end = {
  /** The last day on which a visit may begin, WIB. */
  until: z.iso.date().optional(),
  /** How many visits there are. */
  count: z.int().min(1).max(520).optional(),
};

/**
 * When visits come again, counted from the first one, WIB: the part of RFC 5545 that visits need. Weekly on some weekdays; monthly on the
 * first visit's day of the month, or on its weekday (the second Tuesday). A month without that day has no visit.
 */
export const repetition = z
  .discriminatedUnion('every', [
    z.strictObject({
      every: z.literal('week'),
      interval: z.int().min(1).max(26).default(1),
      /** Absent: that of the first visit. */
      weekdays: z.array(weekday).min(1).max(7).optional(),
      ...end,
    }),
    z.strictObject({
      every: z.literal('month'),
      interval: z.int().min(1).max(12).default(1),
      on: z.enum(['day', 'weekday']).default('day'),
      ...end,
    }),
  ])
  .refine(({ until, count }) => (until === undefined) !== (count === undefined), {
    path: ['until'],
    message: 'say until which day, or how many visits: one of the two',
  });
export type Repetition = z.infer<typeof repetition>;

const person = z.object({
  name: z.string(),
  identity: z.string(),
  party: z.enum(['employee', 'third-party']),
});

export const seriesView = z.object({
  id: z.string(),
  site: z.string(),
  rooms: z.array(z.string()),
  unit: z.string(),
  pic: z.string(),
  activity: z.string(),
  /** Identities masked. */
  persons: z.array(person),
  fields: ticketFields,
  first: instant,
  durationMs: z.number(),
  repetition,
  /** Visits until then have their ticket. */
  madeUntil: instant,
  /** The next visits from now, with and without a ticket; at most 12. */
  next: z.array(z.object({ from: instant, dayOff: z.enum(['weekend', 'holiday']).nullable() })),
  createdAt: instant,
  createdBy: z.string(),
  endedAt: instant.nullable(),
  endedBy: z.string().nullable(),
});
export type SeriesView = z.infer<typeof seriesView>;

export const seriesEndInput = z.strictObject({
  note: z.string().trim().min(1).max(500),
  /** Also the visits that have a ticket and have not begun. */
  cancelTickets: z.boolean().default(true),
});
