import { z } from 'zod';
import { instantError } from '../contracts/common.ts';

/**
 * A time in a query: ISO 8601 with offset → epoch ms. A "+" that was not escaped arrives as a space; there is only
 * one thing it can mean.
 */
export const queryInstant = z
  .string()
  .transform((text) => text.replace(' ', '+'))
  .pipe(z.iso.datetime({ offset: true, error: instantError }))
  .transform((text) => Date.parse(text));
