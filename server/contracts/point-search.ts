import { z } from 'zod';
import { label, priority } from '../../config/schema/common.ts';

/** A limit that an alarm compares a point with. */
const pointLimit = z.object({
  rule: z.string(),
  name: label,
  /** On which side of it the point is in alarm. */
  side: z.enum(['above', 'below']),
  value: z.number(),
  /** Where it comes from: a clause of the catalogue or another named source. */
  clause: z.string(),
  priority,
});
export type PointLimit = z.infer<typeof pointLimit>;

/** What a point is, without what it says: enough to name it, to draw it and to judge it. */
export const foundPoint = z.object({
  id: z.string(),
  site: z.string(),
  room: z.string().nullable(),
  rack: z.string().nullable(),
  device: z.string().nullable(),
  /** Rack label or device id; of a room or site, its id. */
  owner: z.string(),
  /** The same as people call it. */
  ownerName: label,
  part: z.string().nullable(),
  quantity: z.string(),
  unit: z.string(),
  /** Code → name; null for numbers. */
  states: z.record(z.string(), z.string()).nullable(),
  /** The maker's word for a code, where the state has another name. */
  words: z.record(z.string(), z.string()).optional(),
  limits: z.array(pointLimit),
});
export type FoundPoint = z.infer<typeof foundPoint>;
