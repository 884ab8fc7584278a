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

export const task = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('append'), batch, throughPowerCut: z.boolean().optional() }),
  z.object({ kind: z.literal('maintain'), now: z.number(), retentionMs: z.number().optional() }),
  z.object({ kind: z.literal('copy'), to: z.string() }),
]);
export type Task = z.infer<typeof task>;

export const workerData = z.object({ path: z.string() });
