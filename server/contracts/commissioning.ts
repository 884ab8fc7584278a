import { z } from 'zod';
import { instant } from './common.ts';

/** What the device's own display shows beside the value that was read. `unseen`: the device does not show it. */
export const commissioningVerdict = z.enum(['confirmed', 'differs', 'unseen']);
export type CommissioningVerdict = z.infer<typeof commissioningVerdict>;

/**
 * `none`: nobody compared it yet. `valid`: every value agrees or is not shown by the device. `differs`: at least one does not. `void`: it was
 * valid, and the profile or the address has changed since.
 */
const commissioningState = z.enum(['none', 'valid', 'differs', 'void']);
export type CommissioningState = z.infer<typeof commissioningState>;

/** A value as it was read once, beside where it stood and what the device sent. */
const readValue = z.object({
  /** Id of the point. */
  point: z.string(),
  part: z.string().nullable(),
  quantity: z.string(),
  unit: z.string(),
  /** In the unit; null where there is none. */
  value: z.number().nullable(),
  /** Name of the state, where the unit is `state`. */
  state: z.string().nullable(),
  /** Why there is no value. */
  reason: z.string().nullable(),
  /** OID, register or topic. */
  source: z.string(),
  /** As the device sent it; null also where a collector elsewhere read it. */
  raw: z.string().nullable(),
});
export type ReadValue = z.infer<typeof readValue>;

export const commissioningReading = z.object({
  /** To be named with the verdicts; forgotten with the server's end, and after a hundred others. */
  reading: z.string(),
  at: instant,
  values: z.array(readValue),
});
export type CommissioningReading = z.infer<typeof commissioningReading>;

export const commissioningEntry = readValue.extend({
  verdict: commissioningVerdict,
  /** What the device's display shows. */
  shown: z.string().nullable(),
});
export type CommissioningEntry = z.infer<typeof commissioningEntry>;

export const commissioningView = z.object({
  device: z.string(),
  state: commissioningState,
  /** What has changed since; null unless the state is `void`. */
  changed: z.enum(['profile', 'address']).nullable(),
  /** How the device is reached now, and by which profiles it is read. */
  address: z.string(),
  profile: z.string(),
  /** Who reads it for a comparison: this server; or its collector (at its site, or on a serial line), whose last values are taken then. */
  readBy: z.enum(['server', 'collector']),
  /** The newest first. */
  history: z.array(
    z.object({
      id: z.string(),
      at: instant,
      actor: z.string(),
      address: z.string(),
      profile: z.string(),
      confirmed: z.int(),
      differs: z.int(),
      unseen: z.int(),
      note: z.string().nullable(),
    }),
  ),
  /** What the newest one found, value by value. */
  entries: z.array(commissioningEntry),
});
export type CommissioningView = z.infer<typeof commissioningView>;

export const commissioningSummary = z.object({
  site: z.string(),
  device: z.string(),
  state: commissioningState,
  changed: z.enum(['profile', 'address']).nullable(),
  at: instant.nullable(),
  actor: z.string().nullable(),
});
export type CommissioningSummary = z.infer<typeof commissioningSummary>;

export const commissioningInput = z.strictObject({
  reading: z.string().min(1).max(100),
  verdicts: z
    .array(
      z.strictObject({
        point: z.string().min(1).max(300),
        verdict: commissioningVerdict,
        shown: z.string().trim().max(100).optional(),
      }),
    )
    .min(1)
    .max(5_000),
  note: z.string().trim().max(1_000).optional(),
});
