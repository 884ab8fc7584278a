import { z } from 'zod';

/**
 * A time in a query: ISO 8601 with offset → epoch ms. A "+" that was not escaped arrives as a space; there is only
 * one thing it can mean.
 */
export const queryInstant = z
  .string()
  .transform((text) => text.replace(' ', '+'))
  .pipe(z.iso.datetime({ offset: true, error: 'a time with offset, such as 2026-11-23T08:00:00+07:00' }))
  .transform((text) => Date.parse(text));
