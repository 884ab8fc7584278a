import { z } from 'zod';

/** What a healthy alarm system looks like: `alarm-system/aims.yaml`. */

/** The figures of the alarm system, in the order in which they are shown. */
export const alarmFigureNames = [
  'average', 'maximum', 'crowded', 'flood', 'worst-ten', 'standing', 'chattering', 'fleeting',
  'priority-high', 'priority-medium', 'priority-low',
] as const; // prettier-ignore
export const alarmFigureName = z.enum(alarmFigureNames);
export type AlarmFigureName = z.infer<typeof alarmFigureName>;

const source = z.string().min(1).max(200);

/** Exactly one of the three. */
const aim = z.union(
  [
    z.strictObject({ atMost: z.number().min(0), source }),
    z.strictObject({ below: z.number().positive(), source }),
    z.strictObject({ atLeast: z.number().min(0), source }),
  ],
  { error: 'one of "atMost", "below" and "atLeast" with a number, and "source"' },
);
export type AlarmAim = z.infer<typeof aim>;

export const alarmAimsSchema = z.strictObject({
  /** No figure is judged on less. */
  needed: z.strictObject({ days: z.int().min(1).max(366), source }),
  aims: z.record(alarmFigureName, aim),
});
export type AlarmAims = z.infer<typeof alarmAimsSchema>;
