import { z } from 'zod';
import { durationBetween, slug } from './common.ts';
import { historySchema } from './history.ts';
import { privacySchema } from './privacy.ts';
import { recordingSchema } from './recording.ts';
import { signingSchema } from './signing.ts';

/** A slow serial line is polled by the minute, a meter by the second. */
const interval = durationBetween('100ms', '1d');

/** `pantau.yaml`: what this installation watches. */
export const rootSchema = z.strictObject({
  /** While `simulated`, every page and report carries SIMULASI. */
  field: z.enum(['simulated', 'real']),
  sites: z.array(slug).min(1),
  standard: z.string().min(1),
  intervals: z.strictObject({ safety: interval, power: interval, normal: interval, slow: interval }),
  /** The times to resolve of BAB III. The catalogue knows no pause: whoever allows one answers for it. */
  sla: z.strictObject({ pauses: z.boolean().default(false) }).optional(),
  /** Where SNMP traps are received (UDP); absent: nowhere, unless PANTAU_TRAP_PORT reports it. Host: all addresses of IPv4. */
  traps: z.strictObject({ port: z.int().min(1).max(65_535), host: z.ipv4().optional() }).optional(),
  /** Which readings are stored only when they change; absent: every reading is stored. */
  recording: recordingSchema.optional(),
  /** How long readings are kept; absent: raw 60 days, minutes a year, hours and days ten years, evidence 36 months. */
  history: historySchema.optional(),
  /** Signatures of reports beyond those in the application; absent: none. */
  signing: signingSchema.optional(),
  /** How long personal data is kept; absent: five years after the visit (Permenkominfo 20/2016 pasal 15 ayat (3)). */
  privacy: privacySchema.optional(),
});
export type RootFile = z.infer<typeof rootSchema>;
