import { createHash } from 'node:crypto';
import type { LiveValues } from '../contracts/live.ts';
import type { CurrentValues } from '../pipeline/current.ts';
import { watchList, type WatchList } from './watch-list.ts';

/** A client, as far as its values are concerned. */
export interface Member {
  readonly id: string;
  /** It has taken the last packet. */
  isReady(): boolean;
}

/**
 * Clients that show the same points, such as the walls of a room, get the same packets: what changed is collected and written once for
 * all of them. One that has not taken its last packet gets no other; what it misses is kept for it, as places, until it has.
 */
export interface WatchGroups<Client extends Member> {
  /** Shows these points from now on; `watched` as for a watch list. Answers with their values of now. */
  watch(member: Client, watched: Int32Array): LiveValues;
  leave(member: Client): void;
  /** A point has a new value. */
  mark(point: number, urgent: boolean): void;
  /** Sends what is urgent, in a round what is not as well. */
  flush(round: boolean): void;
}

interface Group<Client> {
  readonly key: string;
  readonly list: WatchList;
  readonly members: Map<Client, Missed>;
}

/** What a member was not sent. */
interface Missed {
  readonly positions: Set<number>;
  urgent: boolean;
}

export function createWatchGroups<Client extends Member>(options: {
  /** How many the model has. */
  readonly points: number;
  readonly current: CurrentValues;
  readonly send: (members: readonly Client[], values: LiveValues) => void;
}): WatchGroups<Client> {
  const { points, current, send } = options;
  const groups = new Map<string, Group<Client>>();
  const groupOf = new Map<Client, Group<Client>>();

  function leave(member: Client): void {
    const group = groupOf.get(member);
    if (group === undefined) return;
    groupOf.delete(member);
    group.members.delete(member);
    if (group.members.size === 0) groups.delete(group.key);
  }

  function flushGroup({ list, members }: Group<Client>, round: boolean): void {
    const behind = new Set<Client>();
    const ready = [...members].filter(([member]) => member.isReady());
    // While nobody takes anything, all stays marked in the list.
    if (ready.length === 0) return;
    const due = !list.isEmpty() && (round || list.isUrgent());
    const changed = due ? list.changed() : [];
    if (due && ready.length < members.size)
      for (const [member, missed] of members) if (!member.isReady()) note(missed, changed, list.isUrgent());
    for (const [member, missed] of ready) {
      if (missed.positions.size === 0 || !(due || round || missed.urgent)) continue;
      note(missed, changed, false);
      send([member], list.valuesOf([...missed.positions], current));
      missed.positions.clear();
      missed.urgent = false;
      behind.add(member);
    }
    if (!due) return;
    const level = ready.flatMap(([member]) => (behind.has(member) ? [] : [member]));
    const values = list.take(current);
    if (level.length > 0) send(level, values);
  }

  return {
    watch(member, watched) {
      leave(member);
      const key = keyOf(watched);
      const group = groups.get(key) ?? { key, list: watchList(watched, points), members: new Map() };
      groups.set(key, group);
      groupOf.set(member, group);
      group.members.set(member, { positions: new Set(), urgent: false });
      return group.list.all(current);
    },
    leave,
    mark(point, urgent) {
      for (const { list } of groups.values()) list.mark(point, urgent);
    },
    flush(round) {
      for (const group of groups.values()) flushGroup(group, round);
    },
  };
}

function note(missed: Missed, positions: readonly number[], urgent: boolean): void {
  for (const position of positions) missed.positions.add(position);
  missed.urgent ||= urgent;
}

/** Lists are tens of thousands of places: their digest is kept, not their text. */
function keyOf({ buffer, byteOffset, byteLength }: Int32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('base64');
}
