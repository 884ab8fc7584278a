import type { Label } from '../../config/schema/common.ts';
import type { IncidentAlarmView, TimelineEntry } from '../../server/contracts/incidents.ts';

type Because = NonNullable<IncidentAlarmView['because']>;

/** Alarms of one kind that are in the incident for one reason. */
export interface Consequence {
  readonly rule: string;
  readonly name: Label;
  readonly through: Because['through'];
  /** What supplies, cools or carries them; null: it has no name of its own here. */
  readonly cause: Label | null;
  readonly count: number;
  readonly active: number;
  /** What they are measured at, each once. */
  readonly owners: readonly Label[];
  /** The way from the first of them to the cause, by name; what lies between shows why. */
  readonly path: readonly Label[];
}

/** Why the alarms that are no cause belong here, the largest group first. */
export function consequencesOf(alarms: readonly IncidentAlarmView[]): Consequence[] {
  const groups = new Map<string, { alarm: IncidentAlarmView; because: Because; all: IncidentAlarmView[] }>();
  for (const alarm of alarms) {
    const { because, rule } = alarm;
    if (because === null) continue;
    const key = `${rule} ${because.through} ${because.node}`;
    const group = groups.get(key) ?? { alarm, because, all: [] };
    group.all.push(alarm);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ alarm, because, all }) => ({
      rule: alarm.rule,
      name: alarm.name,
      through: because.through,
      cause: because.path.at(-1) ?? null,
      count: all.length,
      active: all.filter(({ until }) => until === null).length,
      owners: [...new Map(all.map(({ owner, ownerName }) => [owner, ownerName])).values()],
      path: because.path,
    }))
    .sort((a, b) => b.count - a.count || a.rule.localeCompare(b.rule));
}

/** What people put together or took apart by hand. */
export interface ByHand {
  readonly kind: 'merged-from' | 'merged-into' | 'alarm-moved-in' | 'alarm-moved-out' | 'split-from';
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
  /** The other incident. */
  readonly incident: string;
}

/** The journal writes "reason ← incident" or "reason → incident". */
const reasonAndIncident = /^(.*) [←→] (\S+)$/s;

export function byHand(timeline: readonly TimelineEntry[]): ByHand[] {
  return timeline.flatMap(({ kind, at, actor, note }): ByHand[] => {
    const [, reason = '', incident = ''] = reasonAndIncident.exec(note ?? '') ?? [];
    if (actor === null || incident === '') return [];
    switch (kind) {
      case 'merged-from':
      case 'merged-into':
      case 'alarm-moved-in':
      case 'alarm-moved-out':
        return [{ kind, at, actor, reason, incident }];
      case 'opened':
        return [{ kind: 'split-from', at, actor, reason, incident }];
      default:
        return [];
    }
  });
}
