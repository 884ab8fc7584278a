import { z } from 'zod';
import { label, slug } from '../../config/schema/common.ts';
import { instant } from './common.ts';

/** A text that somebody has to give: spaces are none. */
const required = (longest: number) => z.string().trim().min(1, 'is empty; it has to be given').max(longest);

/** Access request, ITSM.3 *Layanan Akses Fisik DC/DRC*: particulars (a)–(d) and the superior's address. */

const person = z.strictObject({
  name: required(200),
  /** NIP, NIK or passport number; in answers only its last digits (`POST tickets/:id/identities` gives all). */
  identity: required(100),
  party: z.enum(['employee', 'third-party']),
});

/** Work whose permit suppresses, in its rooms, the alarms that it causes: from check-in until it is fulfilled or its window ends. */
export const permitWork = z.enum(['hot-work', 'pac-maintenance']);
export type PermitWork = z.infer<typeof permitWork>;
export const ticketFields = z.record(z.string().max(60), z.union([z.string().max(500), z.number()]));
export type TicketFields = z.infer<typeof ticketFields>;

export const reference = z.string().trim().min(1).max(100);

export const ticketInput = z
  .strictObject({
    site: z.string().min(1),
    /** The Smart DC wants its rooms named; elsewhere none means the whole site. */
    rooms: z.array(z.string().min(1)).max(50).default([]),
    unit: required(200),
    pic: required(200),
    /** The PIC goes along: third parties must be accompanied in the DC and the Smart DC. */
    accompanied: z.boolean(),
    persons: z.array(person).min(1).max(100),
    activity: required(2_000),
    from: instant,
    to: instant,
    /** Of a superior of at least echelon IV, in CC. */
    superiorEmail: z.email(),
    /** Devices of the site that the work takes out of service: checked against what supplies and cools the racks. */
    takesOut: z.array(slug).max(50).optional(),
    suppresses: permitWork.optional(),
    /** Where the PIC reads what becomes of the request. */
    picEmail: z.email().optional(),
    /** What the site asks beside the catalogue, by key (`access.fields` of the site). */
    fields: ticketFields.default({}),
    /** The number of the request in another system; no two tickets have the same. */
    reference: reference.optional(),
  })
  // A time that cannot be read is reported as such, not as an order too.
  .refine((ticket) => !(Date.parse(ticket.from) >= Date.parse(ticket.to)), {
    path: ['to'],
    message: 'must be after "from"',
  });
export type TicketInput = z.infer<typeof ticketInput>;

/** `approved`: no escort officer is named yet. `reopened`: within 7 days after it was fulfilled. */
export const ticketState = z.enum([
  'submitted',
  'approved',
  'rejected',
  'scheduled',
  'checked-in',
  'fulfilled',
  'closed',
  'reopened',
  'cancelled',
]);
export type TicketState = z.infer<typeof ticketState>;

export const ticketAction = z.enum([
  'approve',
  'reject',
  'schedule',
  'check-in',
  'fulfil',
  'close',
  'reopen',
  'cancel',
]);
export type TicketAction = z.infer<typeof ticketAction>;

/** What is wrong with a request, beside its form. */
export type TicketFindingCode =
  | 'unknown-site'
  | 'no-service'
  | 'unknown-room'
  | 'foreign-room'
  | 'rooms-required'
  | 'unaccompanied'
  | 'hidden-character'
  | 'person-twice'
  | 'masked-identity'
  | 'no-identity'
  | 'unknown-field'
  | 'field-required'
  | 'field-number'
  | 'field-choice'
  | 'reference-taken'
  | 'unknown-device';

/** Why an action is refused now. */
export type TicketRefusalCode =
  | 'wrong-state'
  | 'window-over'
  | 'too-early'
  | 'too-late-to-reopen'
  | 'unaccompanied'
  | 'card'
  | 'changed-meanwhile'
  | 'supply-at-risk';

const note = z.string().trim().min(1).max(500);
const escort = z.string().trim().min(1).max(200);
/** As the reader reports it. */
export const cardNumber = z.string().trim().min(1).max(64);
/** What an action needs beside the ticket; `escort`: the technical officer who goes along. */
export const actionInputs = {
  approve: z.strictObject({ escort: escort.optional(), note: note.optional() }),
  reject: z.strictObject({ note }),
  schedule: z.strictObject({ escort, note: note.optional() }),
  /** A card for each person who gets one: by the place in the list of persons, or for the PIC. It is returned when the ticket is fulfilled. */
  'check-in': z.strictObject({
    cards: z
      .array(
        z.strictObject({ person: z.union([z.int().min(0).max(99), z.literal('pic')]), card: cardNumber }),
      )
      .max(101)
      .default([]),
    note: note.optional(),
  }),
  fulfil: z.strictObject({ note: note.optional() }),
  close: z.strictObject({ note: note.optional() }),
  /** For another window: the first one is over. */
  reopen: z
    .strictObject({ note, from: instant, to: instant })
    .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
      path: ['to'],
      message: 'must be after "from"',
    }),
  cancel: z.strictObject({ note }),
} as const satisfies Record<TicketAction, z.ZodType>;

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
  picEmail: z.string().nullable(),
  fields: ticketFields,
  reference: z.string().nullable(),
  /** The series of visits that it belongs to. */
  series: z.string().nullable(),
  /** Its window begins on a day that is not worked. */
  dayOff: z.enum(['weekend', 'holiday']).nullable(),
  createdAt: instant,
  createdBy: z.string(),
  state: ticketState,
  escort: z.string().nullable(),
  checkedInAt: instant.nullable(),
  /** A door let the first of its persons in. */
  enteredAt: instant.nullable(),
  takesOut: z.array(z.string()),
  suppresses: permitWork.nullable(),
  /** The norm of ITSM.3: a request is answered within six working hours (`normMs`); `usedMs` of working time have passed until the answer, or until now. */
  answer: z.object({
    dueAt: instant,
    answeredAt: instant.nullable(),
    usedMs: z.number(),
    normMs: z.number(),
  }),
  /** Requests are served in the order in which they came: its place among those that wait, 1 the first; null when it does not wait. */
  place: z.int().nullable(),
  /** One working day after the activity; null until it is fulfilled. */
  close: z.object({ dueAt: instant, closedAt: instant.nullable() }).nullable(),
  /** What whoever asks may do with it now. */
  actions: z.array(ticketAction),
  /** Incidents whose place and time it touches. */
  incidents: z.array(
    z.object({
      id: z.string(),
      rule: z.string(),
      title: label,
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

const ticketEventAction = z.enum(['submit', 'update', ...ticketAction.options, 'erase']);
export type TicketEventAction = z.infer<typeof ticketEventAction>;

const ticketEventView = z.object({
  at: instant,
  action: ticketEventAction,
  actor: z.string(),
  note: z.string().nullable(),
});
/** One ticket with its history. */
export const ticketDetails = ticketView.extend({
  events: z.array(ticketEventView),
  /** Mails about it, oldest first; `answer`: what the mail server said, or why it was not sent. */
  mails: z.array(
    z.object({
      at: instant,
      /** What happened that it tells. */
      action: ticketEventAction,
      to: z.string(),
      cc: z.array(z.string()),
      state: z.enum(['waiting', 'sent', 'failed', 'cancelled']),
      answer: z.string().nullable(),
    }),
  ),
});
export type TicketDetails = z.infer<typeof ticketDetails>;
