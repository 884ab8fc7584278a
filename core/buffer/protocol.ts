import { z } from 'zod';
import { packSchema } from './codec.ts';

/** Requests to the thread that owns a disk buffer, and its replies. */
const id = z.int();
export const task = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('put'), pack: packSchema, taken: z.boolean() }),
  z.object({ kind: z.literal('next') }),
  z.object({ kind: z.literal('accept'), id }),
  z.object({ kind: z.literal('reject'), id, reason: z.string() }),
  z.object({ kind: z.literal('retry'), id }),
  z.object({ kind: z.literal('split'), id }),
  z.object({ kind: z.literal('state') }),
]);
export type Task = z.infer<typeof task>;

const line = z.object({
  level: z.enum(['info', 'warn', 'error']),
  fields: z.record(z.string(), z.unknown()),
  message: z.string(),
});
export type Line = z.infer<typeof line>;
export const answer = z.object({ result: z.unknown(), lines: z.array(line) });

export const batchAnswer = z.object({ id, pack: packSchema }).optional();
const tally = z.object({ readings: z.number(), from: z.number().nullable(), to: z.number().nullable() });
export const stateAnswer = z.object({
  readings: z.number(),
  oldestAt: z.number().nullable(),
  bytes: z.number(),
  lost: tally,
  refused: z.object({ readings: z.number(), reason: z.string().nullable() }),
  problem: z.string().nullable(),
});

export const workerData = z.object({ path: z.string(), limitBytes: z.number() });
