import { z } from 'zod';
import { slug } from '../common.ts';

/** How a profile reads what happened once (a badge read, a door opened) from a message; the same over MQTT and for what is pushed over HTTP. */

export const pointer = z.string().regex(/^(\/.*)?$/, 'a JSON Pointer such as "/sensor/temperature"');

export const sourceTime = z.strictObject({
  pointer,
  format: z.enum(['iso', 'epoch-ms', 'epoch-s', 'local', 'abbreviated-zone']),
});

/** A value as text, or a range of numbers `4864..5119`, both ends in it. */
const wanted = z.union([z.string(), z.array(z.string()).min(1)]);
/** Pointer → what must stand there. May hold `{instance}` of the device. */
const conditions = z.record(pointer, wanted);

const attribute = z.union([
  pointer,
  z.strictObject({
    pointer,
    /** The maker's code → our word; a code that is not listed is kept as it is. */
    codes: z.record(z.string(), z.string()).optional(),
    /** Values that mean that there is none, e.g. card number 0. */
    absent: z.array(z.string()).min(1).optional(),
  }),
]);

const partValue = z.strictObject({
  pointer,
  /** Part = prefix + value: `door-` and 2 are `door-2`. A value that gives no part of the device leaves the event without one. */
  prefix: z.string().regex(/^[a-z0-9-]*$/, 'the beginning of a part, e.g. "door-"'),
  /** Where the message has no value; absent: no part. */
  default: z.string().min(1).optional(),
});

/** What happened once, from a message that identifies it; a message that lacks the id is no event. */
export const eventRead = {
  /** With `part`, or over MQTT a topic for each: the parts are those of this group of the profile. */
  group: slug.optional(),
  /** Where the message names the part. */
  part: partValue.optional(),
  /** The list whose entries are the messages; absent: the document is one itself. */
  each: pointer.optional(),
  /** Only messages whose values at these pointers are these. */
  where: conditions.optional(),
  /** The values at these pointers together identify an event of the device forever. */
  id: z.array(pointer).min(1).max(8),
  /** The controller may number from 1 again (it was wiped or replaced): the event's own time becomes part of its id. */
  restarts: z.boolean().default(false),
  /** Where and in what form the message gives the time of the event; absent: as for the profile, else the time of arrival. */
  time: sourceTime.optional(),
  /** The first whose values are these gives the kind; without any match it is `other`. `set`: attributes that follow from it. */
  kinds: z
    .array(
      z.strictObject({
        kind: slug,
        where: conditions.optional(),
        set: z.record(slug, z.string()).optional(),
      }),
    )
    .default([]),
  /** Attribute → where it is found; one that is not in the message is left out. */
  attributes: z.record(slug, attribute).default({}),
};
export type EventEntry = z.infer<z.ZodObject<typeof eventRead>>;
