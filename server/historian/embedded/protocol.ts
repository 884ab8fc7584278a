import { z } from 'zod';

/** What the historian asks of its writing thread. */
const batch = z.object({
  points: z.array(z.string()),
  at: z.instanceof(Float64Array),
  value: z.instanceof(Float64Array),
  quality: z.instanceof(Uint8Array),
});
/** Columns of equal length. */
export type Batch = z.infer<typeof batch>;

const hours = z.number().or(z.literal(Infinity));
const pin = z.object({
  name: z.string(),
  points: z.array(z.string()),
  from: z.number(),
  to: z.number().or(z.literal(Infinity)),
});
export type PinTask = z.infer<typeof pin>;

export const task = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('append'), batch, throughPowerCut: z.boolean().optional() }),
  z.object({ kind: z.literal('merge'), now: z.number() }),
  z.object({
    kind: z.literal('next-hour'),
    now: z.number(),
    /** Hours that are left as they came. */
    except: z.array(z.object({ hour: z.number(), shard: z.number() })),
  }),
  z.object({
    kind: z.literal('compact'),
    hour: z.number(),
    shard: z.number(),
    facts: z.array(z.object({ isState: z.boolean(), holdMs: z.number() })),
  }),
  z.object({ kind: z.literal('settle'), now: z.number() }),
  z.object({
    kind: z.literal('expire'),
    now: z.number(),
    kept: z.object({ raw: hours, '1m': hours, '1h': hours, '1d': hours, pinned: hours }),
  }),
  z.object({ kind: z.literal('pin'), pin }),
  z.object({ kind: z.literal('copy'), to: z.string() }),
]);
export type Task = z.infer<typeof task>;

export const workerData = z.object({ path: z.string() });

/** The result of `next-hour`; null when no hour waits. */
export const waitingHour = z
  .object({ hour: z.number(), shard: z.number(), points: z.array(z.string()) })
  .nullable();
export type WaitingHour = NonNullable<z.infer<typeof waitingHour>>;
