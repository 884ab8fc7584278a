import { z } from 'zod';
import { instant } from './common.ts';

/** A process that reads the field: the server itself (`local`) and every `pantau collect` that has a token. */
export const collectorView = z.object({
  /** `local`, or the name of its token. */
  name: z.string(),
  sites: z.array(z.string()),
  /**
   * `reporting`; `catching-up`: reports, and delivers what it kept while it could not; `silent`: no report for 30 s;
   * `never-seen`: has a token and has never reported; `off`: the local one, when the server polls nothing.
   */
  state: z.enum(['reporting', 'catching-up', 'silent', 'never-seen', 'off']),
  lastContactAt: instant.nullable(),
  startedAt: instant.nullable(),
  version: z.string().nullable(),
  /** Its clock minus the server's; null when not measured yet. More than a second is worth a warning. */
  skewMs: z.number().nullable(),
  roundTripMs: z.number().nullable(),
  devices: z.int(),
  devicesLost: z.int(),
  /** Since the server's start. */
  readings: z.object({ live: z.int(), late: z.int(), refused: z.int(), repeated: z.int() }),
  /** null: it keeps none (the local one) or has not reported. */
  spool: z
    .object({
      /** Readings that wait for delivery, the time of the oldest, and what they take on disk. */
      readings: z.int(),
      oldestAt: instant.nullable(),
      bytes: z.number(),
      limitBytes: z.number(),
      /** Lost before they could be delivered, since the spool was made: how many, of which span. */
      lost: z.object({ readings: z.int(), from: instant.nullable(), to: instant.nullable() }),
      /** Refused by the server for good. */
      refused: z.object({ readings: z.int(), reason: z.string().nullable() }),
      problem: z.string().nullable(),
    })
    .nullable(),
});
export type CollectorView = z.infer<typeof collectorView>;
