import { z } from 'zod';
import { instant } from './common.ts';

/** What happened once at a device and is no number: see `core/field-event`, and for doors `core/access-event`. */
export const accessEventView = z.object({
  id: z.string(),
  /** `site/device`. */
  source: z.string(),
  /** Where the device was when the event was stored; null: stored before that was written down. */
  room: z.string().nullable(),
  /** By the device's own clock; where that cannot be right, the time of arrival, and `attributes.time-flag` gives the reason. */
  at: instant,
  receivedAt: instant,
  kind: z.string(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type AccessEventView = z.infer<typeof accessEventView>;

/** A door controller as its events show it; counters since the server's start. */
export const accessControllerView = z.object({
  /** `site/device`. */
  source: z.string(),
  /** As it names itself; empty where it does not. */
  controller: z.string(),
  events: z.int(),
  lastAt: instant.nullable(),
  lastReceivedAt: instant.nullable(),
  /** The highest number of its present count. */
  highest: z.int().nullable(),
  /** How many numbers never arrived. */
  missing: z.int(),
  gaps: z.array(z.object({ from: z.int(), to: z.int(), foundAt: instant, reported: z.boolean() })),
  /** How often it began to number again. */
  restarts: z.int(),
  /** Its clock minus ours, ms; null: no live event yet. */
  clockOffsetMs: z.number().nullable(),
  clockJumps: z.int(),
  /** Events that named a door which the configuration does not know, and the last such door. */
  unknownDoors: z.int(),
  unknownDoor: z.string().nullable(),
});
export type AccessControllerView = z.infer<typeof accessControllerView>;

export const pushAnswer = z.object({
  added: z.int(),
  repeated: z.int(),
  /** What was wrong with some of the events; the others are stored. */
  errors: z.array(z.string()),
});
