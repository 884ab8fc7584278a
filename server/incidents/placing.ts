import type { Group, Member } from './grouping.ts';

/** An incident that is not resolved, as far as placing alarms needs to know it. */
export interface Holder {
  readonly id: string;
  readonly openedAt: number;
  /** Active alarms that are linked to it. */
  readonly active: number;
}

export interface Placement {
  readonly group: Group;
  /** The incident that the group's alarms belong to; null: a new one. */
  readonly target: string | null;
  /** Incidents that are nothing but part of this group: they are merged into the target. */
  readonly merged: readonly string[];
  /** Members that the target is not linked to yet. */
  readonly joining: readonly Member[];
}

/**
 * Which incident each group's alarms belong to. An incident outlives its cause: what is linked to it stays when the cause returns
 * first. Alarms leave their incident only for a cause that is linked to another one, or that is new. Pure.
 * `holderOf`: the incident an alarm is linked to; `isPinned`: a person put it there.
 */
export function placeGroups(
  groups: readonly Group[],
  incidents: {
    holderOf(key: string): Holder | undefined;
    isPinned(key: string): boolean;
  },
): Placement[] {
  return groups.map((group) => {
    const held = new Map<string, { readonly holder: Holder; members: number }>();
    const ofCauses = new Set<Holder>();
    for (const { alarm, because } of group.members) {
      const holder = incidents.holderOf(alarm.key);
      if (holder === undefined) continue;
      const known = held.get(holder.id);
      if (known === undefined) held.set(holder.id, { holder, members: 1 });
      else known.members += 1;
      if (because === null) ofCauses.add(holder);
    }
    const contained = [...held.values()]
      .filter(({ holder, members }) => members >= holder.active)
      .map(({ holder }) => holder);
    // A cause that is only inferred takes nothing away: what is inferred may change with the next alarm.
    const isInferred = group.members.every(({ because }) => because !== null);
    const target = oldest(ofCauses) ?? oldest(contained) ?? (isInferred ? largest(held.values()) : undefined);
    const merged = contained.filter(({ id }) => target !== undefined && id !== target.id).map(({ id }) => id);
    const joining = group.members.filter(({ alarm }) => {
      const holder = incidents.holderOf(alarm.key);
      return holder === undefined || (holder.id !== target?.id && !incidents.isPinned(alarm.key));
    });
    return { group, target: target?.id ?? null, merged, joining };
  });
}

function oldest(holders: Iterable<Holder>): Holder | undefined {
  let best: Holder | undefined;
  for (const holder of holders)
    if (
      best === undefined ||
      holder.openedAt < best.openedAt ||
      (holder.openedAt === best.openedAt && holder.id < best.id)
    )
      best = holder;
  return best;
}

function largest(held: Iterable<{ readonly holder: Holder; readonly members: number }>): Holder | undefined {
  return [...held].sort((a, b) => b.members - a.members || (a.holder.id < b.holder.id ? -1 : 1))[0]?.holder;
}
