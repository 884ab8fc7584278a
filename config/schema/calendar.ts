import { z } from 'zod';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "08:00"');

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** Working time of the ministry and the days that are not worked; one file per year. */
export const calendarSchema = z.strictObject({
  year: z.int().min(2_000).max(2_100),
  zone: z.string().refine(isZone, 'a time zone of the IANA list, such as "Asia/Jakarta"'),
  workingHours: z
    .strictObject({ from: timeOfDay, to: timeOfDay })
    .refine(({ from, to }) => from < to, { path: ['to'], error: 'a time after "from", on the same day' }),
  source: z.string(),
  holidays: z.array(z.iso.date()),
  jointLeave: z.array(z.iso.date()),
});
export type Calendar = z.infer<typeof calendarSchema>;
