import { nearestName } from '../../core/names.ts';
import { partAttribute, sourceTimeAttribute, timeFlagAttribute } from '../../core/field-event.ts';
import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import type { MqttProfile } from '../schema/profile.ts';
import type { Report } from './report.ts';

const reservedAttributes: ReadonlySet<string> = new Set([
  sourceTimeAttribute,
  timeFlagAttribute,
  partAttribute,
]);

type Message = MqttProfile['inputs'][string];

/** A metric is named where the payload is Sparkplug, and nothing else; and nowhere else. */
export function checkMqttProfile(profile: MqttProfile, report: Report): void {
  const messages = messagesOf(profile);
  checkEvents(profile, report);
  if (profile.payload === 'json') {
    for (const { path, message } of messages)
      if (message.metric !== undefined)
        report([...path, 'metric'], {
          found: 'is not allowed, since the payload is "json"',
          expected: 'a pointer, or payload: sparkplug',
        });
    return;
  }
  for (const { path, message } of messages) {
    if (message.metric === undefined)
      report([...path, 'metric'], {
        found: 'is missing',
        expected: 'the full name of the metric, as the birth of the node or device tells it',
      });
    const { topic, pointer, where } = message;
    refuse({ topic: topic === '{topic}' ? undefined : topic, pointer, where }, path, report);
  }
  const { time, availability, empty } = profile;
  refuse({ time, availability, empty }, [], report);
}

/** Parts are those of a group that the profile has; attributes that are ours are not the message's. */
function checkEvents({ events, groups, payload }: MqttProfile, report: Report): void {
  const known = groups.map(({ group }) => group);
  for (const [index, { topic, group, attributes }] of events.entries()) {
    const path = ['events', index];
    if (payload === 'sparkplug')
      report(path, { found: 'is not allowed, since the payload is "sparkplug"', expected: 'payload: json' });
    const hasPart = topic.includes('{part}');
    if (group !== undefined && !known.includes(group))
      report([...path, 'group'], {
        found: `${quote(group)} is unknown`,
        expected: 'a group of this profile',
        nearest: nearestName(group, known),
      });
    else if (hasPart && group === undefined)
      report([...path, 'group'], {
        found: 'is missing',
        expected: 'the group whose parts the topic names by {part}',
      });
    else if (!hasPart && group !== undefined)
      report([...path, 'topic'], {
        found: 'does not hold {part}',
        expected: 'a topic of its own for each part of the group, or no group',
      });
    for (const name of Object.keys(attributes))
      if (reservedAttributes.has(name))
        report([...path, 'attributes', name], {
          found: 'is an attribute that the collector sets',
          expected: 'another name',
        });
  }
}

/** What Sparkplug itself says. */
function refuse(settings: Readonly<Record<string, unknown>>, path: Path, report: Report): void {
  for (const [name, value] of Object.entries(settings))
    if (value !== undefined)
      report([...path, name], {
        found: 'is not allowed, since the payload is "sparkplug"',
        expected: 'only metric names: topics, times, births and deaths are those of the standard',
      });
}

function messagesOf({ points, groups, inputs }: MqttProfile): { path: Path; message: Message }[] {
  return [
    ...points.map((message, index) => ({ path: ['points', index], message })),
    ...groups.flatMap((group, at) =>
      group.points.map((message, index) => ({ path: ['groups', at, 'points', index], message })),
    ),
    ...Object.entries(inputs).map(([name, message]) => ({ path: ['inputs', name], message })),
  ];
}
