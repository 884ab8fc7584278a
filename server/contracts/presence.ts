import { z } from 'zod';
import { label } from '../../config/schema/common.ts';
import { instant } from './common.ts';

/** Who is inside, with what it is known from. Names of persons, and never their identities. */
const presenceEvidence = z.enum(['detected', 'assumed', 'expired']);

export const presentPerson = z.object({
  name: z.string(),
  /** `staff`: on the roster; `pic`: of the unit that asked. */
  kind: z.enum(['staff', 'employee', 'third-party', 'pic']),
  unit: z.string().nullable(),
  ticket: z.string().nullable(),
  /** The technical officer who goes along. */
  escort: z.string().nullable(),
  evidence: presenceEvidence,
  /** A reader on a door with readers on both sides; one that does not see people leave; the desk. */
  sign: z.enum(['reader', 'reader-in-only', 'check-in']),
  since: instant,
  seenAt: instant,
  /** When the shift or the window ends. */
  until: instant,
  /** Further persons whom readers saw in with the same credential. */
  others: z.int(),
});
export type PresentPerson = z.infer<typeof presentPerson>;

const presenceRoom = z.object({
  site: z.string(),
  /** Null: inside, in a room that nobody has said. */
  room: z.string().nullable(),
  name: label.nullable(),
  persons: z.array(presentPerson),
});

export const presenceView = z.object({
  at: instant,
  /** Rooms with somebody in them, by site and name. */
  rooms: z.array(presenceRoom),
  detected: z.int(),
  assumed: z.int(),
  expired: z.int(),
});
export type PresenceView = z.infer<typeof presenceView>;
