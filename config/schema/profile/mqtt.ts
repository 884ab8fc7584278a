import { z } from 'zod';
import { durationBetween, slug } from '../common.ts';
import { head, value } from './value.ts';

const pointer = z.string().regex(/^(\/.*)?$/, 'a JSON Pointer such as "/sensor/temperature"');

/** Which message of a topic, and where in it. Topics hold `{topic}` (the device's address) and `{part}`. */
const message = {
  topic: z.string().min(1).default('{topic}'),
  /** JSON Pointer (RFC 6901); absent: the whole payload is the value. May hold `{part}`. */
  pointer: pointer.optional(),
  /** Only messages whose values at these pointers are these; may hold `{part}`. */
  where: z.record(pointer, z.string()).optional(),
  /** Which unit the message says the value is in: the text at a pointer → factor into ours, or the unit. Not said: as without; another text: no value. */
  unitCell: z
    .strictObject({ pointer, units: z.record(z.string(), z.union([z.number(), z.literal('°F')])) })
    .optional(),
  /** With `payload: sparkplug` and instead of all others: the metric's full name. May hold `{part}`. */
  metric: z.string().min(1).optional(),
};
const sourceTime = z.strictObject({
  pointer,
  format: z.enum(['iso', 'epoch-ms', 'epoch-s', 'local', 'abbreviated-zone']),
});
const mqttPoint = z.strictObject({ ...value, ...message });
const mqttGroup = z.strictObject({
  group: slug,
  parts: z.array(slug).default([]),
  points: z.array(mqttPoint).min(1),
});

/** What happened once, from a message that identifies it; a message that lacks the id is no event. */
const mqttEvent = z.strictObject({
  /** May hold `{topic}`, and with a group `{part}`. */
  topic: z.string().min(1).default('{topic}'),
  /** Once for each part of this group of the profile; the event gets the attribute `part`. */
  group: slug.optional(),
  /** Only messages whose values at these pointers are these. */
  where: z.record(pointer, z.string()).optional(),
  /** The values at these pointers together identify an event of the device forever. */
  id: z.array(pointer).min(1).max(8),
  /** The controller may number from 1 again (it was wiped or replaced): the event's own time becomes part of its id. */
  restarts: z.boolean().default(false),
  /** Where and in what form the message gives the time of the event; absent: as for the profile, else the time of arrival. */
  time: sourceTime.optional(),
  /** The first whose values are these gives the kind; without any match it is `other`. */
  kinds: z.array(z.strictObject({ kind: slug, where: z.record(pointer, z.string()).optional() })).default([]),
  /** Attribute → where it is found; one that is not in the message is left out. */
  attributes: z.record(slug, pointer).default({}),
});

export const mqttProfile = z.strictObject({
  protocol: z.literal('mqtt'),
  ...head,
  /** `sparkplug`: Sparkplug B; the device's address is `group/node` or `group/node/device`, the standard says the rest. */
  payload: z.enum(['json', 'sparkplug']).default('json'),
  /** Where the message says when it was measured, and in what form. Absent: the time of arrival. */
  time: sourceTime.optional(),
  /** The last-will topic with its words: the bare payload, or what stands at the pointer of a JSON one. */
  availability: z
    .strictObject({
      topic: z.string().min(1),
      pointer: pointer.optional(),
      online: z.string(),
      offline: z.string(),
    })
    .optional(),
  /** A payload of no bytes says that the device is gone; else it is no message at all. */
  empty: z.literal('gone').optional(),
  /** A device that said nothing for this long is lost. Events-only devices name their heartbeat. */
  silentAfter: durationBetween('1s', '30d'),
  points: z.array(mqttPoint).default([]),
  groups: z.array(mqttGroup).default([]),
  inputs: z.record(slug, z.strictObject(message)).default({}),
  events: z.array(mqttEvent).default([]),
});
