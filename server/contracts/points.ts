import { z } from 'zod';
import { label } from '../../config/schema/common.ts';
import { instant } from './common.ts';

export const pointView = z.object({
  id: z.string(),
  site: z.string(),
  room: z.string().nullable(),
  rack: z.string().nullable(),
  device: z.string().nullable(),
  part: z.string().nullable(),
  quantity: z.string(),
  unit: z.string(),
  value: z.number().nullable(),
  /** Name of the state, for unit `state`. */
  state: z.string().nullable(),
  quality: z.enum(['good', 'uncertain', 'bad']),
  reason: z.string().nullable(),
  /** When the source measured it; null if it never did. */
  at: instant.nullable(),
  /** Of a derived point that misses a part now: its last whole value, and when that was. */
  lastWhole: z.object({ value: z.number(), at: instant }).optional(),
});
export type PointView = z.infer<typeof pointView>;

/** One point, with what it is measured at (rack, device, room or site) as people call it. */
export const namedPointView = pointView.extend({ ownerName: label });
export type NamedPointView = z.infer<typeof namedPointView>;

/** The points of a site at a moment, in columns: the same place in each is one point. */
const snapshotColumns = z.object({
  site: z.string(),
  points: z.array(z.string()),
  value: z.array(z.number().nullable()),
  /** How long before the moment it was measured; null if it never was. */
  ageMs: z.array(z.number().nullable()),
  /** Of the points that are not good, by their place. */
  flawed: z.array(
    z.object({ place: z.int(), quality: pointView.shape.quality, reason: pointView.shape.reason }),
  ),
});
export type SnapshotColumns = z.infer<typeof snapshotColumns>;
export const snapshotColumnsView = z.object({
  at: instant,
  /** False: so long ago that only readings kept as evidence are there. */
  complete: z.boolean(),
  sites: z.array(snapshotColumns),
});

const resolution = z.enum(['raw', '1m', '1h', '1d']);

const rawItem = z.object({
  at: instant,
  value: z.number().nullable(),
  quality: z.enum(['good', 'uncertain', 'bad']),
  reason: z.string().nullable(),
});
/** [at, at + widthMs). */
const bucketItem = z.object({
  at: instant,
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  last: z.number().nullable(),
  count: z.int(),
  good: z.int(),
  /** For so much of the bucket a usable reading holds; the rest is a gap. */
  coveredMs: z.number(),
  /** Of a point of states: code → ms in that state. */
  states: z.record(z.string(), z.number()).nullable(),
});
export type RawItem = z.infer<typeof rawItem>;
export type BucketItem = z.infer<typeof bucketItem>;

export const historyView = z.object({
  point: z.string(),
  unit: z.string(),
  resolution,
  /** Of a bucket; null for raw readings. */
  widthMs: z.number().nullable(),
  items: z.union([z.array(rawItem), z.array(bucketItem)]),
  /** Set when the range held more than one answer may: ask again with `from` = this. */
  next: instant.nullable(),
});
export type HistoryView = z.infer<typeof historyView>;

/** Several points over one range. */
export const historiesView = z.object({
  from: instant,
  to: instant,
  resolution,
  widthMs: z.number().nullable(),
  items: z.array(historyView),
  next: z.null(),
});

const numbers = z.array(z.number().nullable());

/** What a point was, in columns: the same place in each is one reading or bucket; as in `historyView`. */
const historyColumns = z.object({
  point: z.string(),
  unit: z.string(),
  /** Ms after the answer's `from`; a bucket that holds it begins before. */
  at: z.array(z.number()),
  /** Of raw readings: those that are not good, by their place. */
  raw: z
    .object({
      value: numbers,
      flawed: z.array(
        z.object({ place: z.int(), quality: rawItem.shape.quality, reason: rawItem.shape.reason }),
      ),
    })
    .nullable(),
  buckets: z
    .object({
      min: numbers,
      max: numbers,
      mean: numbers,
      last: numbers,
      count: z.array(z.int()),
      good: z.array(z.int()),
      coveredMs: z.array(z.number()),
      /** Null of a point that is none of states. */
      states: z.array(bucketItem.shape.states).nullable(),
    })
    .nullable(),
  next: instant.nullable(),
});
export type HistoryColumns = z.infer<typeof historyColumns>;

/** Several points over one range, in columns: what was asked for, whole. */
export const historyColumnsView = historiesView
  .omit({ next: true })
  .extend({ items: z.array(historyColumns) });

/** How long a point was within a band; the five parts are the whole of it. */
export const bandTimeItem = z.object({
  from: instant,
  to: instant,
  withinMs: z.number(),
  belowMs: z.number(),
  aboveMs: z.number(),
  /** What is still stored does not tell on which side it was. */
  undecidedMs: z.number(),
  /** No usable reading. */
  unknownMs: z.number(),
});
