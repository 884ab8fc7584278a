import { z } from 'zod';
import { durationBetween } from './common.ts';

const dayMs = 86_400_000;

/** Unless the file says otherwise: five years, as the ministry of communication asks where no other rule does. */
export const defaultPrivacy = {
  tickets: 1_826 * dayMs,
  events: 1_826 * dayMs,
  source: 'Permenkominfo 20/2016 pasal 15 ayat (3); UU 27/2022 pasal 43',
} as const;

/** Shorter than a month would erase what a ticket's reopening and a monthly report still need. */
const kept = durationBetween('31d', '3650d');

/** How long names, identity numbers, addresses and cards are kept after the visit; they are erased by themselves then. */
export const privacySchema = z.strictObject({
  /** Persons of tickets that are over, and of series of visits that have ended. */
  tickets: kept,
  /** Cards and names of door events. */
  events: kept,
  /** Which rule or decision the periods are of; shown beside them and kept in the log with each erasure. */
  source: z.string().min(1).max(200),
});
export type Privacy = z.infer<typeof privacySchema>;
