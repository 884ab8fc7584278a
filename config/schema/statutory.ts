import { z } from 'zod';
import { durationBetween, label, slug } from './common.ts';

/** What a law asks to be told of an incident, to whom and within which time; the file's name is the report's. */

const field = z.strictObject({
  field: slug,
  name: label,
  /** What belongs there. */
  help: label.optional(),
  /** It is not sent without. */
  required: z.boolean().default(true),
  /** What the incident can fill in by itself. */
  prefill: z.enum(['title', 'chronology', 'services', 'resolution']).optional(),
});

export const statutorySchema = z.strictObject({
  report: slug,
  name: label,
  /** The provision that asks for it. */
  clause: z.string().min(1),
  to: label,
  /** After it became known; counted around the clock. */
  within: durationBetween('1h', '90d'),
  /** It is about personal data: a package of who saw whose data goes with it. */
  personalData: z.boolean().default(false),
  fields: z.array(field).min(1),
});
export type StatutoryReport = z.infer<typeof statutorySchema>;
