import { z } from 'zod';
import { durationBetween, label, level, priority, rackFunction, slug } from './common.ts';
import { discipline } from './rule.ts';

/** The ministry's catalogue as data: every limit with its clause (SC-11/IT/2023). */

const clause = z.string().min(1);
const band = z
  .strictObject({ min: z.number(), max: z.number(), clause })
  .refine(({ min, max }) => min < max, { path: ['max'], error: 'a number above "min"' });

const siteStandard = z.strictObject({
  clause,
  building: z.string(),
  racks: z.strictObject({ max: z.int().positive(), clause }),
  floorLoad: z.strictObject({ max: z.number().positive(), clause }),
  /** kW per feed and rack; A + B together must fit on one feed as well. */
  rackPower: z.strictObject({ kw: z.record(rackFunction, z.number().positive()), clause }),
  upsBackupTime: z.strictObject({ max: durationBetween('1s', '1d'), batteries: z.string(), clause }),
  ups: z.strictObject({ redundancy: z.literal('N+1'), clause }),
  /** Of the cameras, while they record. */
  frameRate: z.strictObject({ min: z.number().positive(), clause }),
  temperature: band,
  humidity: band,
  loadTest: z.strictObject({ everyMonths: z.int().min(1).max(12), clause }),
  endurance: z.strictObject({ hours: z.number().positive(), clause }),
  gensets: z.strictObject({ redundancy: z.enum(['N+1', '2N']), rating: z.literal('prime'), clause }),
  agent: z.strictObject({ name: z.string(), clause }),
});
export type SiteStandard = z.infer<typeof siteStandard>;

const resolveWithin = z.strictObject({
  hours: z.number().positive().max(10_000),
  clock: z.enum(['around-the-clock', 'working-hours']),
});

export const standardSchema = z.strictObject({
  standard: z.string(),
  revision: z.string(),
  date: z.iso.date(),
  sites: z.record(slug, siteStandard),
  priorities: z.strictObject({
    clause,
    /** urgency → impact → priority. */
    matrix: z.record(level, z.record(level, priority)),
    resolve: z.record(priority, resolveWithin),
    /** How long after its acknowledgement an alarm that still stands is annunciated again (ISA-18.2 re-alarm); absent: never. */
    reAlarm: z.partialRecord(priority, durationBetween('1m', '30d')).optional(),
  }),
  /** How long after it was resolved a disturbance may be reopened. */
  reopen: z.strictObject({ withinDays: z.int().min(1).max(365), clause }),
  /** *Bencana TIK*: what is not solved within its period is proposed as one. */
  disaster: z.strictObject({
    clause,
    /** Who set the periods. */
    source: z.string(),
    infrastructure: z.array(
      z.strictObject({
        name: label,
        disciplines: z.array(discipline).min(1),
        priorities: z.array(priority).min(1),
        after: durationBetween('1m', '30d'),
      }),
    ),
    checklist: z.array(label).min(1),
  }),
  access: z.strictObject({
    clause,
    /** site → number of the sub-service; whether third parties must be accompanied, and the rooms be named. */
    services: z.record(
      slug,
      z.strictObject({
        number: z.string(),
        name: z.string(),
        escortRequired: z.boolean(),
        roomsRequired: z.boolean().optional(),
      }),
    ),
  }),
});
export type Standard = z.infer<typeof standardSchema>;
