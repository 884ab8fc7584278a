import { z } from 'zod';
import { label } from '../../config/schema/common.ts';
import { instant } from './common.ts';
import { presentPerson } from './presence.ts';
import { ticketState } from './tickets.ts';

/** Who had to do with the place of an incident: tickets, persons and doors. Names, and never identities. */
export const incidentAccessView = z.object({
  /** When its first alarm began. */
  firstOutAt: instant,
  /** Tickets of its rooms and site that were open between an hour before and its end. */
  tickets: z.array(
    z.object({
      id: z.string(),
      unit: z.string(),
      pic: z.string(),
      escort: z.string().nullable(),
      activity: z.string(),
      rooms: z.array(z.string()),
      from: instant,
      to: instant,
      state: ticketState,
    }),
  ),
  /** Inside the site at its beginning; in its own rooms first. */
  inside: z.array(presentPerson.extend({ room: z.string().nullable(), isInRoom: z.boolean() })),
  /** Left within the hour before. */
  before: z.array(presentPerson.extend({ room: z.string().nullable(), isInRoom: z.boolean() })),
  /** At the doors of the site, from ten minutes before to ten minutes after; oldest first. */
  doorEvents: z.array(
    z.object({
      id: z.string(),
      at: instant,
      door: z.string(),
      /** As people call it. */
      doorName: label,
      kind: z.string(),
      direction: z.enum(['in', 'out']).nullable(),
      /** Whose credential it was, where that is known. */
      name: z.string().nullable(),
    }),
  ),
});
export type IncidentAccessView = z.infer<typeof incidentAccessView>;
