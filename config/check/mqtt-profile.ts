import type { Path } from '../read/source.ts';
import type { MqttProfile } from '../schema/profile.ts';
import type { Report } from './report.ts';

type Message = MqttProfile['inputs'][string];

/** A metric is named where the payload is Sparkplug, and nothing else; and nowhere else. */
export function checkMqttProfile(profile: MqttProfile, report: Report): void {
  const messages = messagesOf(profile);
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
