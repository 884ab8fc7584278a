import { z } from 'zod';
import { label, priority } from '../../config/schema/common.ts';
import { instant } from './common.ts';

/** Shifts and their handover (*serah terima*). */

/** Only the first of many are named; `total` counts all. */
function some<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), total: z.int() });
}

const incidentLine = z.object({
  id: z.string(),
  site: z.string(),
  title: label,
  priority,
  openedAt: instant,
  returnedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
});

/** An alarm that operators do not see. */
const hiddenLine = z.object({
  id: z.string(),
  site: z.string(),
  name: label,
  /** Rack label or device. */
  owner: z.string(),
  /** As people call it; one that was written before names were kept has none. */
  ownerName: label.optional(),
  until: instant.nullable(),
  reason: z.string().nullable(),
  actor: z.string().nullable(),
});

const ticketLine = z.object({
  id: z.string(),
  site: z.string(),
  activity: z.string(),
  unit: z.string(),
  from: instant,
  to: instant,
});

/** A load test, or a permit for work. */
const workLine = z.object({
  id: z.string(),
  state: z.string(),
  site: z.string(),
  room: z.string().nullable(),
  reason: z.string(),
  from: instant,
  to: instant,
});

/** What the note fills itself with. */
export const handoverContent = z.object({
  /** What happened is told from `since` to `asOf`; what stands, as it is at `asOf`. */
  since: instant,
  asOf: instant,
  open: some(incidentLine),
  opened: some(incidentLine),
  returned: some(incidentLine),
  shelved: some(hiddenLine),
  outOfService: some(hiddenLine),
  suppressed: some(hiddenLine),
  /** Under way, or due in the next shift. */
  tickets: some(ticketLine),
  works: some(workLine),
  /** What was done in the shift. */
  counts: z.object({
    raised: z.int(),
    acknowledged: z.int(),
    shelved: z.int(),
    outOfService: z.int(),
    pagesSent: z.int(),
    pagesFailed: z.int(),
  }),
});
export type HandoverContent = z.infer<typeof handoverContent>;

const signature = z.object({
  person: z.string(),
  name: z.string(),
  /** The name that was signed in with. */
  user: z.string(),
  at: instant,
  /** False: a stand-in, who is in no team of that shift. */
  ofTeam: z.boolean(),
  late: z.boolean(),
});
export type SignatureView = z.infer<typeof signature>;

const member = z.object({ person: z.string(), name: z.string() });

export const handoverSummary = z.object({
  id: z.string(),
  shift: z.string(),
  name: label,
  team: z.string(),
  members: z.array(member),
  from: instant,
  to: instant,
  /** Who signs next: the outgoing shift, the incoming one, or nobody any more. */
  state: z.enum(['under-way', 'awaits-outgoing', 'awaits-incoming', 'signed']),
  /** A signature came late, or is missing although it is due. */
  late: z.boolean(),
  outgoing: signature.nullable(),
  incoming: signature.nullable(),
});
export type HandoverSummary = z.infer<typeof handoverSummary>;

export const handoverView = handoverSummary.extend({
  note: z.string(),
  /** From the incoming shift. */
  remark: z.string().nullable(),
  /** As it is now; as it was signed, once the outgoing shift has. */
  content: handoverContent,
  /** The shift that takes over; null: people.yaml has no shifts any more. */
  next: z.object({ name: label, team: z.string(), members: z.array(member) }).nullable(),
});
export type HandoverView = z.infer<typeof handoverView>;

/** Who is on duty now, for the wall. */
export const onDutyView = z.object({
  layers: z.array(z.object({ name: label, person: z.string().nullable() })),
  /** Null: people.yaml has no shifts. */
  shift: z
    .object({ name: label, team: z.string(), present: z.array(z.string()), off: z.array(z.string()), until: instant })
    .nullable(),
  /** Handovers that should be signed by now and are not. */
  lateHandovers: z.int(),
}); // prettier-ignore

const who = { person: z.string().min(1).max(100).optional() };
export const noteInput = z.strictObject({ text: z.string().max(10_000) });
export const signOutInput = z.strictObject(who);
export const signInInput = z.strictObject({ ...who, remark: z.string().trim().max(2_000).optional() });
