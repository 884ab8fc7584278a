import { z } from 'zod';
import { durationBetween, slug } from '../common.ts';
import { eventRead, sourceTime } from './events.ts';
import { head } from './value.ts';

/** A controller that sends its events to this server over HTTP (docs/access-controllers.md). It is never asked for anything. */
export const pushProfile = z.strictObject({
  protocol: z.literal('push'),
  ...head,
  /**
   * `adms`: ZKTeco's push protocol; each line that a terminal sends becomes `{table, …}`, with the names of its fields in lower case.
   * `webhook`: JSON, signed, at `POST /api/v1/access-events/ADDRESS`.
   */
  transport: z.enum(['adms', 'webhook']),
  /** Where the message says when it happened, and in what form. Absent: the time of arrival. */
  time: sourceTime.optional(),
  /** A controller that said nothing for this long is lost. Of one that has no heartbeat: how long no event is believable. */
  silentAfter: durationBetween('1s', '30d'),
  /** Group → the parts a device has unless its entry names others. */
  parts: z.record(slug, z.array(slug)).default({}),
  events: z.array(z.strictObject(eventRead)).min(1),
});
