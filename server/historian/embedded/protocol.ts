import { z } from 'zod';

/** What the historian asks of its writing thread, and what comes back. */
const batch = z.object({
  points: z.array(z.string()),
  at: z.instanceof(Float64Array),
  value: z.instanceof(Float64Array),
  quality: z.instanceof(Uint8Array),
});
/** Columns of equal length. */
export type Batch = z.infer<typeof batch>;

const task = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('append'), batch, throughPowerCut: z.boolean().optional() }),
  z.object({ kind: z.literal('maintain'), now: z.number(), keepFrom: z.number() }),
  z.object({ kind: z.literal('close') }),
]);
export type Task = z.infer<typeof task>;

export const request = z.object({ id: z.int(), task });
export type Request = z.infer<typeof request>;

export const reply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('done'), id: z.int() }),
  z.object({ kind: z.literal('failed'), id: z.int(), error: z.string() }),
]);
export type Reply = z.infer<typeof reply>;

export const workerData = z.object({ path: z.string() });
