import { z } from 'zod';
import { durationMs, slug } from './common.ts';

/** `pantau.yaml`: what this installation watches. */
export const rootSchema = z.strictObject({
  /** While `simulated`, every page and report carries SIMULASI. */
  field: z.enum(['simulated', 'real']),
  sites: z.array(slug).min(1),
  standard: z.string().min(1),
  intervals: z.strictObject({ safety: durationMs, power: durationMs, normal: durationMs, slow: durationMs }),
  /** Where SNMP traps are received (UDP); absent: nowhere, unless PANTAU_TRAP_PORT says so. Host: all addresses of IPv4. */
  traps: z.strictObject({ port: z.int().min(1).max(65_535), host: z.string().min(1).optional() }).optional(),
});
export type RootFile = z.infer<typeof rootSchema>;
