import { defined } from '../../core/defined.ts';
import type { EventRead } from '../point-source.ts';
import type { EventEntry } from '../schema/profile/events.ts';
import type { MqttProfile, PushProfile } from '../schema/profile.ts';
import { partGroups, type ReadOptions } from './reads.ts';

/** What is read from a device of this profile besides values. */
export function plannedEvents(profile: MqttProfile | PushProfile, options: ReadOptions): EventRead[] {
  const groups = partGroups(profile);
  const partsOf = (group: string | undefined): readonly string[] =>
    group === undefined ? [] : (options.parts?.[group] ?? groups.get(group) ?? []);
  const common = { time: profile.time, instance: options.instance };
  if (profile.protocol === 'push')
    return profile.events.map((entry) => ({
      topic: '',
      ...planned(entry, { ...common, parts: partsOf(entry.group) }),
    }));
  return profile.events.flatMap((entry): EventRead[] => {
    const topic = entry.topic.replaceAll('{topic}', options.topic ?? '');
    const parts = partsOf(entry.group);
    const read = planned(entry, { ...common, parts });
    if (!entry.topic.includes('{part}')) return [{ topic, ...read }];
    return parts.map((part) => ({ topic: topic.replaceAll('{part}', part), part, ...read }));
  });
}

interface Context {
  readonly time: MqttProfile['time'];
  readonly instance: string | undefined;
  readonly parts: readonly string[];
}

function planned(entry: EventEntry, { time, instance = '', parts }: Context): Omit<EventRead, 'topic'> {
  const conditions = (where: EventEntry['where']): EventRead['where'] =>
    Object.entries(where ?? {}).map(([pointer, wanted]) => ({
      pointer,
      oneOf: [wanted].flat().map((text) => text.replaceAll('{instance}', instance)),
    }));
  return {
    ...defined({
      time: entry.time ?? time,
      each: entry.each,
      partAt: entry.part && { ...defined(entry.part), parts },
    }),
    where: conditions(entry.where),
    id: entry.id,
    restarts: entry.restarts,
    kinds: entry.kinds.map(({ kind, where, set = {} }) => ({ kind, where: conditions(where), set })),
    attributes: Object.entries(entry.attributes).map(([name, at]) =>
      typeof at === 'string'
        ? { name, pointer: at, codes: {}, absent: [] }
        : { name, pointer: at.pointer, codes: at.codes ?? {}, absent: at.absent ?? [] },
    ),
  };
}
