import { z } from 'zod';

/** Working time of the ministry and the days that are not worked; a year a file. */
export const calendarSchema = z.strictObject({
  year: z.int(),
  zone: z.string(),
  workingHours: z.strictObject({
    from: z.string().regex(/^\d\d:\d\d$/),
    to: z.string().regex(/^\d\d:\d\d$/),
  }),
  source: z.string(),
  holidays: z.array(z.iso.date()),
  jointLeave: z.array(z.iso.date()),
});
export type Calendar = z.infer<typeof calendarSchema>;
