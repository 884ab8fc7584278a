import { z } from 'zod';
import { label } from '../../config/schema/common.ts';
import { instant } from './common.ts';

/** `not-proven`: what was measured or uploaded is not enough to say either. */
const complianceVerdict = z.enum(['holds', 'fails', 'not-proven']);
export type ComplianceVerdict = z.infer<typeof complianceVerdict>;

/** A verdict and why, as a sentence. */
const judged = z.object({ verdict: complianceVerdict, reason: label });
export type Judged = z.infer<typeof judged>;

/** Parts of a time, percent with up to 4 decimals. What was not measured is neither held nor broken. */
const timeShare = z.object({
  /** Of what was measured; null: nothing was. */
  held: z.number().nullable(),
  /** Of the whole time that is over. */
  coverage: z.number(),
});
export type TimeShare = z.infer<typeof timeShare>;

/** The value furthest beyond its limit, or nearest to it, and where to look it up. */
const worstCase = z.object({
  point: z.string(),
  /** What the point belongs to, as people call it. */
  thing: label,
  value: z.number(),
  unit: z.string(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  isBroken: z.boolean(),
  at: instant,
});
export type WorstCase = z.infer<typeof worstCase>;

/** Also a line of the CSV. */
const complianceRowView = z.object({
  site: z.string(),
  month: z.string(),
  row: z.string(),
  clause: z.string(),
  name: label,
  rule: label,
  /** Of the month, as far as it is over. */
  verdict: complianceVerdict,
  reason: label,
  share: timeShare,
  /** Null: another month than this one is asked for, or nothing was judged yet. */
  now: judged.extend({ since: instant.nullable() }).nullable(),
  worst: worstCase.nullable(),
});
export type ComplianceRowView = z.infer<typeof complianceRowView>;

/** One of several things that are measured: a sensor, a rack, a feed. */
const measuredThing = z.object({
  point: z.string(),
  thing: label,
  room: z.string().nullable(),
  share: timeShare,
  /** Percent of the measured time below and above the limits; of states, `above` is every wrong one. */
  below: z.number(),
  above: z.number(),
  /** The value did not move for so long that it proves nothing. */
  isFrozen: z.boolean(),
  worst: worstCase.nullable(),
});
export type MeasuredThing = z.infer<typeof measuredThing>;

const roomShare = z.object({
  room: z.string(),
  name: label,
  things: z.int(),
  share: timeShare,
  worst: worstCase.nullable(),
});
export type RoomShare = z.infer<typeof roomShare>; // prettier-ignore

const complianceProofView = z.object({
  row: z.string(),
  proof: z.string(),
  by: z.enum(['points', 'topology', 'document', 'module']),
  name: label,
  decides: z.boolean(),
  /** Clause or source of the limit. */
  source: z.string().nullable(),
  verdict: complianceVerdict,
  reason: label,
  share: timeShare,
  now: judged.nullable(),
  /** How many things are measured; those that broke the rule or were not measured enough, worst first, at most 20 of them. */
  things: z.int(),
  notable: z.array(measuredThing),
  rooms: z.array(roomShare),
  worst: worstCase.nullable(),
  /** The kind of document that proves it. */
  document: z.string().nullable(),
});
export type ComplianceProofView = z.infer<typeof complianceProofView>;

/** ASHRAE: how well the racks of a hall are cooled. */
const hallIndices = z.object({
  room: z.string(),
  name: label,
  /** Rack cooling index, percent; 100: no inlet was beyond the recommended limit. Null: not measured, and why. */
  rciHigh: z.number().nullable(),
  rciLow: z.number().nullable(),
  /** Return temperature index, percent. */
  rti: z.number().nullable(),
  notMeasured: label.nullable(),
  sensors: z.int(),
});
export type HallIndices = z.infer<typeof hallIndices>;

export const complianceView = z.object({
  site: z.string(),
  siteName: z.string(),
  building: z.string(),
  clause: z.string(),
  standard: z.string(),
  month: z.string(),
  from: instant,
  /** The end of what is judged: the month's, or the last full hour while it runs. */
  to: instant,
  at: instant,
  isOver: z.boolean(),
  needed: z.object({ coverage: z.number(), share: z.number(), source: label }),
  items: z.array(complianceRowView),
  proofs: z.array(complianceProofView),
  indices: z.object({ source: z.string(), halls: z.array(hallIndices) }),
  /** When it began to judge this site; what is not measured by sensors is not known for the time before. */
  judgedSince: instant.nullable(),
  next: z.null(),
});
export type ComplianceView = z.infer<typeof complianceView>;

/** `waiting`: it counts from a later time on. `expiring`: it counts, and the reminder is due. */
const documentState = z.enum(['valid', 'expiring', 'expired', 'waiting', 'withdrawn']);
export type DocumentState = z.infer<typeof documentState>;

export const complianceDocumentView = z.object({
  id: z.string(),
  site: z.string(),
  /** The row and the proof that it is for. */
  row: z.string(),
  kind: z.string(),
  kindName: label,
  clause: z.string(),
  name: z.string(),
  type: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  note: z.string().nullable(),
  validFrom: instant,
  expiresAt: instant,
  state: documentState,
  addedAt: instant,
  addedBy: z.string(),
  withdrawn: z.object({ at: instant, by: z.string(), why: z.string() }).nullable(),
});
export type ComplianceDocumentView = z.infer<typeof complianceDocumentView>;

const day = z.iso.date({ error: 'a day such as "2026-12-31"' });
/** What is said of a document that is uploaded; the document itself is the body. */
export const complianceDocumentInput = z.strictObject({
  site: z.string().min(1).max(100),
  /** `document` of a proof. */
  kind: z.string().min(1).max(100),
  name: z.string().trim().min(1).max(200),
  /** Days of WIB; it counts from the beginning of the first to the end of the last. */
  validFrom: day,
  validTo: day,
  note: z.string().trim().max(500).optional(),
});

/** What may be uploaded for a site. */
export const documentKindView = z.object({
  site: z.string(),
  row: z.string(),
  clause: z.string(),
  kind: z.string(),
  name: label,
  rule: label,
  remindDays: z.int(),
});

export const complianceProgressView = z.object({
  items: z.array(z.object({ site: z.string(), month: z.string(), done: z.int(), of: z.int() })),
  /** Why the verdicts of now are not renewed. */
  problem: z.string().nullable(),
});
