import { z } from 'zod';
import { instant } from './common.ts';

/** What happened once at a device and is no number: see `core/field-event`. */
export const fieldEventView = z.object({
  id: z.string(),
  /** `site/device`. */
  source: z.string(),
  /** By the device's own clock; where that cannot be right, the time of arrival, and `attributes.time-flag` gives the reason. */
  at: instant,
  receivedAt: instant,
  kind: z.string(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type FieldEventView = z.infer<typeof fieldEventView>;
