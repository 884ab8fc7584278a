import { z } from 'zod';
import { deviceKind, durationBetween } from './common.ts';

/**
 * Points of which a reading is stored only when it changes, and at the latest `every` so often: nothing that is read back is off by more
 * than `within`, in the point's unit. Alarms and the live page see every reading.
 */
const recordingEntry = z.strictObject({
  quantities: z.array(z.string().min(1)).min(1),
  /** Kinds of devices; absent: whatever has the quantity, rooms and collectors too. */
  kinds: z.array(deviceKind).min(1).optional(),
  within: z.number().min(0),
  every: durationBetween('1s', '60s'),
});
export type RecordingEntry = z.infer<typeof recordingEntry>;

export const recordingSchema = z.array(recordingEntry);
