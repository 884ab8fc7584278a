import { defined } from '../../core/defined.ts';
import type { EventRead } from '../model.ts';
import type { MqttProfile } from '../schema/profile.ts';
import type { ReadOptions } from './reads.ts';

/** What is read from a device of this profile besides values. */
export function plannedEvents(profile: MqttProfile, options: ReadOptions): EventRead[] {
  const groups = new Map(profile.groups.map(({ group, parts }) => [group, parts]));
  return profile.events.flatMap(
    ({ topic, group, where, id, restarts, time = profile.time, kinds, attributes }) => {
      const parts = group === undefined ? [undefined] : (options.parts?.[group] ?? groups.get(group) ?? []);
      return parts.map((part): EventRead => ({
        topic: topic.replaceAll('{part}', part ?? '').replaceAll('{topic}', options.topic ?? ''),
        ...defined({ part, time }),
        where: conditions(where),
        id,
        restarts,
        kinds: kinds.map((each) => ({ kind: each.kind, where: conditions(each.where) })),
        attributes: Object.entries(attributes).map(([name, pointer]) => ({ name, pointer })),
      }));
    },
  );
}

function conditions(where: Readonly<Record<string, string>> | undefined): EventRead['where'] {
  return Object.entries(where ?? {}).map(([pointer, equals]) => ({ pointer, equals }));
}
