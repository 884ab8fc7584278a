import { z } from 'zod';
import { durationBetween, slug } from '../common.ts';
import { eventRead, pointer, sourceTime } from './events.ts';
import { head, inputPointSchema, ownPart, value } from './value.ts';

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
const mqttPoint = z.strictObject({ ...value, ...message });
const mqttGroup = z.strictObject({
  group: slug,
  parts: z.array(slug).default([]),
  /** None: the parts are only those of events. */
  points: z.array(mqttPoint).default([]),
});

const usualMeaning = inputPointSchema.pick({ quantity: true, unit: true, scale: true });

const mqttEvent = z.strictObject({
  /** May hold `{topic}`, and with a group `{part}`. */
  topic: z.string().min(1).default('{topic}'),
  ...eventRead,
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
  points: z.array(mqttPoint.extend({ part: ownPart })).default([]),
  groups: z.array(mqttGroup).default([]),
  /** `usually`: what discovery proposes for a device's entry, where the name of the member leaves little doubt. */
  inputs: z.record(slug, z.strictObject({ ...message, usually: usualMeaning.optional() })).default({}),
  events: z.array(mqttEvent).default([]),
});
