import type { RuleEntry } from '../../config/schema/rule.ts';
import type { BoundAlarm } from '../alarms/bind.ts';

/** Alarms that make one incident. */
export interface Group {
  /** Names the group; an open incident keeps the key of the group it was opened for. */
  readonly key: string;
  readonly members: readonly BoundAlarm[];
}

/**
 * Which active alarms belong together: those of one rule in one room, or in one site for points outside any room.
 * Pure, from scratch, whatever the order in which the alarms arrived. Runs over everything active whenever an alarm
 * becomes so; maps in maps cost less in a flood than building a key for each alarm.
 */
export function groupAlarms(active: Iterable<BoundAlarm>): Group[] {
  const groups: { readonly key: string; readonly members: BoundAlarm[] }[] = [];
  const byRule = new Map<RuleEntry, Map<string, Map<string, BoundAlarm[]>>>();
  for (const alarm of active) {
    const { rule, point } = alarm;
    const room = point.room ?? '';
    let bySite = byRule.get(rule);
    if (bySite === undefined) byRule.set(rule, (bySite = new Map()));
    let byRoom = bySite.get(point.site);
    if (byRoom === undefined) bySite.set(point.site, (byRoom = new Map()));
    const known = byRoom.get(room);
    if (known !== undefined) known.push(alarm);
    else {
      const members = [alarm];
      byRoom.set(room, members);
      groups.push({ key: `${rule.rule}@${point.site}/${room}`, members });
    }
  }
  return groups;
}
