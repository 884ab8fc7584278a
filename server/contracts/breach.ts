import { z } from 'zod';
import { instant } from './common.ts';

/** Fields of a person that somebody has seen; what the site asks beside the catalogue goes by its own keys. */
const fields = z.array(z.string());

/** One person of a ticket whose identities somebody looked at. */
const breachSubject = z.object({
  name: z.string(),
  /** Its last digits; null: a PIC or superior is known by name and address. */
  identity: z.string().nullable(),
  role: z.enum(['employee', 'third-party', 'pic', 'superior']),
  /** Where a notice reaches the person or the unit that sent him. */
  unit: z.string(),
  email: z.string().nullable(),
  tickets: z.array(z.string()),
  fields,
  /** How often in the period, and when last. */
  lookups: z.int(),
  lastAt: instant,
});
export type BreachSubject = z.infer<typeof breachSubject>;

/** Somebody read the identities of a ticket. */
export const breachLookup = z.object({
  at: instant,
  user: z.string(),
  reason: z.string(),
  ticket: z.string(),
  site: z.string(),
  /** Whose. */
  persons: z.string(),
  count: z.int(),
  fields: z.string(),
});
export type BreachLookup = z.infer<typeof breachLookup>;

/** What a notice by UU 27/2022 pasal 46 is written from: who saw whose personal data in a period, and what was held then. */
export const breachView = z.object({
  incident: z.string(),
  clause: z.string(),
  /** The law's time: from when it became known, around the clock. */
  knownAt: instant,
  dueAt: instant,
  sentAt: instant.nullable(),
  madeAt: instant,
  from: instant,
  to: instant,
  counts: z.object({
    lookups: z.int(),
    users: z.int(),
    subjects: z.int(),
    /** Of subjects, those whose identity number was shown. */
    identities: z.int(),
  }),
  users: z.array(
    z.object({ user: z.string(), lookups: z.int(), tickets: z.int(), firstAt: instant, lastAt: instant }),
  ),
  subjects: z.array(breachSubject),
  /** Copies and erasures of one person's data, and sign-ins: what else touches personal data. */
  commands: z.array(
    z.object({ at: instant, actor: z.string(), address: z.string(), what: z.string(), status: z.int() }),
  ),
  signIns: z.object({ done: z.int(), refused: z.int() }),
  /** What was held of the period: all of it is at stake when the database itself, or a backup, was taken. */
  held: z.object({ tickets: z.int(), persons: z.int(), cardEvents: z.int(), namedEvents: z.int() }),
  /** More look-ups than are listed were made; narrow the period. */
  isCut: z.boolean(),
});
export type BreachView = z.infer<typeof breachView>;
