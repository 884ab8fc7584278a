import type { BoundAlarm } from '../alarms/bind.ts';

/** Alarms that make one incident. */
export interface Group {
  /** Names the group; an open incident keeps the key of the group it was opened for. */
  readonly key: string;
  /** The alarm that names the incident. */
  readonly cause: BoundAlarm;
  readonly members: readonly BoundAlarm[];
}

/**
 * Which active alarms belong together: those of one rule in one room, or in one site for points outside any room.
 * Pure, from scratch, whatever the order in which the alarms arrived.
 */
export function groupAlarms(active: Iterable<BoundAlarm>): Group[] {
  const members = new Map<string, BoundAlarm[]>();
  for (const alarm of active) {
    const key = groupKey(alarm);
    const known = members.get(key);
    if (known === undefined) members.set(key, [alarm]);
    else known.push(alarm);
  }
  return [...members].flatMap(([key, [cause, ...others]]) =>
    cause === undefined ? [] : [{ key, cause, members: [cause, ...others] }],
  );
}

function groupKey({ rule, point }: BoundAlarm): string {
  return `${rule.rule}@${point.site}/${point.room ?? ''}`;
}
